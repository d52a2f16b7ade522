package io.eventsourcing.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresExtensionTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static TestDatabase ofTheOuterClass;

    private final TestDatabase database = postgres.database();

    @BeforeAll
    static void rememberTheDatabase() {
        ofTheOuterClass = postgres.database();
    }

    @Test
    void acknowledgesNoCommitBeforeItIsOnTheDisk() {
        assertThat(Sql.query(database.dataSource(), "SHOW fsync")).isEqualTo("on");
        assertThat(Sql.query(database.dataSource(), "SHOW synchronous_commit")).isEqualTo("on");
    }

    @Test
    void givesTestsARoleThatRowLevelSecurityBinds() {
        String role = "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = ";
        assertThat(Sql.query(database.dataSource(), role + "current_user")).isEqualTo("f");
        assertThat(Sql.query(database.dataSource(), "SELECT current_user")).isEqualTo(database.user());

        Sql.execute(
                database.dataSource(),
                "CREATE SCHEMA s",
                "CREATE TABLE s.t AS SELECT 1 AS n",
                "ALTER TABLE s.t ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE s.t FORCE ROW LEVEL SECURITY");
        assertThat(Sql.query(database.dataSource(), "SELECT count(*) FROM s.t")).isEqualTo("0");
        assertThat(Sql.query(database.adminDataSource(), "SELECT count(*) FROM s.t"))
                .isEqualTo("1");
    }

    @Test
    void givesTestsThatNeedItAnAdministrator() {
        String terminate = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'postgres'"
                + " AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        assertThat(Sql.query(database.adminDataSource(), terminate)).isEqualTo("0");
        assertThat(Sql.query(database.adminDataSource(), "SELECT current_database()"))
                .isEqualTo(database.user());
        assertThatThrownBy(() -> Sql.execute(database.dataSource(), "CREATE ROLE another"))
                .hasMessageContaining("permission denied");
    }

    @Test
    void connectsByUrlUserAndPassword() throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(database.url(), database.user(), database.password())) {
            assertThat(connection.getCatalog()).isEqualTo(database.user());
        }
    }

    @Test
    void saysHowToHoldTheExtensionWhenThereIsNoClass() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new PostgresExtension().database())
                .withMessageContaining("static field annotated with @RegisterExtension");
    }

    @Nested
    class NestedClasses {

        @Test
        void shareTheDatabaseOfTheClassAroundThem() {
            assertThat(postgres.database()).isSameAs(ofTheOuterClass);
        }
    }
}
