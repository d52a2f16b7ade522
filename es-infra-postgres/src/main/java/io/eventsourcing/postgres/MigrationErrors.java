package io.eventsourcing.postgres;

import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says why a schema could not be migrated, and what to do, where the SQL state tells. SQL states: PostgreSQL manual, appendix A.
 *
 * @param schema the schema's name
 * @param roles the roles that were to get access; null if one login does everything
 */
record MigrationErrors(SchemaName schema, @Nullable EventStoreRoles roles) {

    /** The error to throw: another one if there is more to say, and otherwise the same. */
    RuntimeException explained(RuntimeException e) {
        return state(e).flatMap(state -> reason(state).map(reason -> (RuntimeException) new SchemaMismatchException(
                        "The schema '" + schema + "' could not be migrated, because " + reason.what() + " (SQL state "
                                + state + "). The event store was not started. " + reason.action(),
                        e)))
                .orElse(e);
    }

    private Optional<Reason> reason(String state) {
        if (state.startsWith("08")) {
            return Optional.of(new Reason(
                    "the database's server was not reached",
                    "Check that it runs, and the host and the port in the URL of the DataSource that migrates."));
        }
        if (state.startsWith("28")) {
            return Optional.of(
                    new Reason(
                            "the database's server refused the login",
                            "Check the user and the password of the DataSource that migrates, and that pg_hba.conf lets it in."));
        }
        return switch (state) {
            case "3D000" ->
                Optional.of(new Reason(
                        "there is no such database",
                        "Create the database, or correct its name in the URL of the DataSource that migrates."));
            case "42501" ->
                Optional.of(new Reason(
                        "its login lacks a privilege",
                        "Let the schema's owner migrate, or let the login create it (grant create on database), or run the SQL of"
                                + " EventStoreSchema.toSql() as its owner and use the mode 'validate'."));
            case "55P03" ->
                Optional.of(new Reason(
                        "somebody holds a lock on one of its tables, such as a dump or a long transaction",
                        "Start again when that has ended; pg_locks tells who it is."));
            case "42704" -> Optional.ofNullable(roles).map(MigrationErrors::missing);
            default -> Optional.empty();
        };
    }

    private static Reason missing(EventStoreRoles roles) {
        return new Reason(
                "the application role '" + roles.application() + "' or the system role '" + roles.system()
                        + "' does not exist",
                "Create both roles before (see docs/tenancy.md), or correct their names.");
    }

    private static Optional<String> state(Throwable e) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(cause -> ((SQLException) cause).getSQLState())
                .filter(state -> state != null)
                .findFirst();
    }

    private record Reason(String what, String action) {}
}
