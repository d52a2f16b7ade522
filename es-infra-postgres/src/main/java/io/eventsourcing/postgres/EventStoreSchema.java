package io.eventsourcing.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;

/**
 * The tables and functions of an event store, in a schema of their own: creates them, brings them up to date, and tells
 * whether they fit this version of the library.
 *
 * <p>The migrations are recorded in a Flyway history table inside that schema, so an application's own migrations never
 * meet them, and several stores can live in one database under several names. A schema has a version of two numbers. This
 * library works with every version from {@value #OLDEST_SUPPORTED} on that has the same first number: later ones only add to
 * it, so that the old and the new nodes of a rolling deployment run side by side.
 *
 * <p>Thread-safe; several nodes may migrate at the same time.
 */
public final class EventStoreSchema {

    /** The name of the schema unless said otherwise. */
    public static final String DEFAULT_NAME = "eventsourcing";

    /** The oldest version of the schema that this library works with. */
    public static final String OLDEST_SUPPORTED = "1.13";

    private final DataSource dataSource;
    private final SchemaName name;
    private final @Nullable EventStoreRoles roles;

    /**
     * The schema of this name in the database.
     *
     * @param dataSource logs in as the owner of the schema, or as a role that may create it
     * @param name 1 to 40 of the characters a-z, 0-9 and _
     * @throws IllegalArgumentException if the name cannot be used
     */
    public EventStoreSchema(DataSource dataSource, String name) {
        this(dataSource, new SchemaName(name), null);
    }

    private EventStoreSchema(DataSource dataSource, SchemaName name, @Nullable EventStoreRoles roles) {
        this.dataSource = dataSource;
        this.name = name;
        this.roles = roles;
    }

    /**
     * The schema of the default name in the database.
     *
     * @param dataSource logs in as the owner of the schema, or as a role that may create it
     */
    public EventStoreSchema(DataSource dataSource) {
        this(dataSource, DEFAULT_NAME);
    }

    /**
     * The same schema for an application that logs in as other roles than the owner.
     *
     * @param others the roles, to which migrating grants what they need
     * @return the schema with these roles
     */
    public EventStoreSchema withRoles(EventStoreRoles others) {
        return new EventStoreSchema(dataSource, name, others);
    }

    /**
     * The name of the schema.
     *
     * @return the name
     */
    public String name() {
        return name.value();
    }

    /**
     * Creates the schema or brings it up to date. A schema that a newer version of the library has migrated stays as it is.
     *
     * @return this schema
     * @throws SchemaMismatchException if it cannot be migrated, or does not fit this version of the library afterwards
     */
    public EventStoreSchema migrate() {
        try {
            migrations().run(dataSource);
        } catch (FlywayValidateException e) {
            throw new SchemaMismatchException(
                    "The schema '" + name
                            + "' was made by another build of this library, whose migrations differ from this one's. The event"
                            + " store was not started. Deploy the build that made it; or, if it was a snapshot of before 0.1.0"
                            + " and holds nothing of value, drop the schema (the sample's is in es-samples/data).",
                    e);
        } catch (FlywayException e) {
            if (isExported()) {
                throw new SchemaMismatchException(
                        "The schema '" + name
                                + "' was made by the SQL of EventStoreSchema.toSql(), so it has no history of"
                                + " migrations to go on from. The event store was not started. Run further SQL yourself, and use"
                                + " the mode 'validate'.",
                        e);
            }
            throw new SchemaMismatchException(
                    "The schema '" + name
                            + "' could not be migrated, for the reason that follows. The event store was not"
                            + " started. Check that the database runs and that the role may create the schema, or run the SQL of"
                            + " EventStoreSchema.toSql() as its owner and use the mode 'validate'.",
                    e);
        }
        return validate();
    }

    /**
     * Checks that the schema fits this version of the library, and changes nothing.
     *
     * @return this schema
     * @throws SchemaMismatchException if it is missing, too old or too new, or cannot be read, or if its sequence of positions is
     *     behind its events or its checkpoints
     */
    public EventStoreSchema validate() {
        String version = version();
        if (version == null) {
            throw new SchemaMismatchException(
                    "The schema '" + name + "' has no event store, or this role may not use it."
                            + " The event store was not started. Migrate it (mode 'migrate'), or run the SQL of"
                            + " EventStoreSchema.toSql().");
        }
        if (!SchemaVersion.parse(OLDEST_SUPPORTED).accepts(SchemaVersion.parse(version))) {
            throw new SchemaMismatchException("The schema '" + name + "' is at version " + version
                    + ", but this version of the library works with versions from " + OLDEST_SUPPORTED
                    + " on and below "
                    + (SchemaVersion.parse(OLDEST_SUPPORTED).major() + 1)
                    + ".0. The event store was not started. Migrate the schema, or deploy a version of the library that"
                    + " fits it.");
        }
        rejectSequenceBehind();
        return this;
    }

    private void rejectSequenceBehind() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(name.call("drawn_and_written", 0));
                ResultSet row = statement.executeQuery()) {
            row.next();
            long written = row.getLong("written");
            long passed = row.getLong("passed");
            long drawn = row.getLong("drawn");
            boolean isExact = row.getBoolean("is_exact");
            if (row.wasNull()) {
                return; // this role does not see the events of all tenants
            }
            String sequence = "\"" + name + "\".event_position_seq";
            if (!isExact) {
                throw new SchemaMismatchException(
                        "The sequence " + sequence + " was altered: readers of the log would lose events."
                                + " The event store was not started. Run: alter sequence " + sequence
                                + " cache 1 increment by 1 no cycle");
            }
            long needed = Math.max(written, passed);
            if (drawn < needed) {
                throw new SchemaMismatchException(
                        "The sequence of positions of the schema '" + name + "' is at " + drawn
                                + ", but there is " + (written < passed ? "a checkpoint" : "an event") + " at position "
                                + needed
                                + ", as after an incomplete restore. New events would be written below positions that readers of the log"
                                + " have passed. The event store was not started. Stop all writers, and run: select setval(s, greatest("
                                + needed + ", pg_sequence_last_value(s))) from (values ('" + sequence
                                + "'::regclass)) as t (s)");
            }
        } catch (SQLException e) {
            throw unreadable("The positions of the schema", e);
        }
    }

    private SchemaMismatchException unreadable(String what, SQLException e) {
        return new SchemaMismatchException(
                what + " '" + name
                        + "' cannot be read. The event store was not started. Check the database and the role.",
                e);
    }

    /**
     * The SQL that creates the schema and everything in it, for people who run migrations themselves.
     *
     * @return the SQL, to be run by the owner
     */
    public String toSql() {
        return migrations().toSql();
    }

    /**
     * What lets this login see or change rows of other tenants than the one that is set: it is a superuser, has BYPASSRLS, owns the
     * tables, or reads across tenants. The login of an application should have none of it.
     *
     * @return a sentence for each; empty if row-level security holds for this login
     * @throws SchemaMismatchException if the schema is missing or cannot be read
     */
    public List<String> tenancyGaps() {
        try (Connection connection = dataSource.getConnection()) {
            return TenancyGaps.of(connection, name);
        } catch (SQLException e) {
            throw unreadable("What the role may do in the schema", e);
        }
    }

    private SchemaMigrations migrations() {
        return new SchemaMigrations(name, roles);
    }

    private boolean isExported() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("select to_regclass(?) is null")) {
            statement.setString(1, "\"" + name + "\".flyway_schema_history");
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1) && isThere(connection);
            }
        } catch (SQLException e) {
            return false;
        }
    }

    private @Nullable String version() {
        try (Connection connection = dataSource.getConnection()) {
            return isThere(connection) ? readVersion(connection) : null;
        } catch (SQLException e) {
            throw unreadable("The version of the schema", e);
        }
    }

    private boolean isThere(Connection connection) throws SQLException {
        String sql = "select has_schema_privilege(n.oid, 'usage') and to_regprocedure(?) is not null"
                + " from pg_catalog.pg_namespace n where n.nspname = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, "\"" + name + "\".schema_version()");
            statement.setString(2, name.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private String readVersion(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(name.call("schema_version", 0));
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }
}
