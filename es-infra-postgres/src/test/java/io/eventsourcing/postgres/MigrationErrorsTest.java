package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** What somebody reads whose schema cannot be migrated. */
class MigrationErrorsTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static DataSource owner(Consumer<PGSimpleDataSource> change) {
        PGSimpleDataSource owner = (PGSimpleDataSource) postgres.database().dataSource();
        change.accept(owner);
        return owner;
    }

    private static void fails(EventStoreSchema schema, String... texts) {
        assertThatExceptionOfType(SchemaMismatchException.class)
                .isThrownBy(schema::migrate)
                .withMessageContaining("The schema '%s' could not be migrated, because", schema.name())
                .withMessageContaining("The event store was not started.")
                .withMessageContainingAll(texts);
    }

    @Test
    void theServerIsNotReached() {
        DataSource away = owner(login -> login.setPortNumbers(new int[] {1}));

        fails(new EventStoreSchema(away), "server was not reached (SQL state 08001)", "the host and the port");
    }

    @Test
    void aPoolsFirstConnectionIsNotMade() {
        try (HikariDataSource away = new HikariDataSource()) {
            away.setJdbcUrl("jdbc:postgresql://localhost:1/none");

            fails(new EventStoreSchema(away), "server was not reached (SQL state 08001)", "the host and the port");
        }
    }

    @Test
    void theLoginIsRefused() {
        DataSource nobody = owner(login -> login.setUser("nobody_at_all"));

        fails(new EventStoreSchema(nobody), "server refused the login (SQL state 28", "user and the password");
    }

    @Test
    void thereIsNoSuchDatabase() {
        DataSource nowhere = owner(login -> login.setDatabaseName("no_such_database"));

        fails(new EventStoreSchema(nowhere), "no such database (SQL state 3D000)", "Create the database");
    }

    @Test
    void theRolesDoNotExist() {
        fails(
                new EventStoreSchema(owner(login -> {}), "no_roles").withRoles(new EventStoreRoles("no_app", "no_sys")),
                "the application role 'no_app' or the system role 'no_sys' does not exist (SQL state 42704)",
                "Create both roles");
    }

    @Test
    void theLoginMayNotCreateIt() {
        Sql.execute(postgres.database().adminDataSource(), "create schema of_another");

        fails(
                new EventStoreSchema(owner(login -> {}), "of_another"),
                "its login lacks a privilege (SQL state 42501)",
                "grant create on database",
                "toSql()");
    }
}
