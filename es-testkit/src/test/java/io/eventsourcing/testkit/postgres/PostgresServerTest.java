package io.eventsourcing.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

class PostgresServerTest {

    @TempDir
    Path data;

    private PostgresServer server;
    private TestDatabase database;

    @BeforeEach
    void start() {
        server = PostgresServer.start(data);
        database = server.createDatabase();
        Sql.execute(database.dataSource(), "CREATE TABLE kept (n int)");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void keepsWhatWasCommittedBeforeAKillAndNothingElse() throws SQLException {
        Sql.execute(database.dataSource(), "INSERT INTO kept VALUES (42)");
        try (Connection open = database.dataSource().getConnection()) {
            open.setAutoCommit(false);
            open.createStatement().execute("INSERT INTO kept VALUES (43)");
            server.kill();
            assertThatThrownBy(open::commit).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> Sql.query(database.dataSource(), "SELECT 1")).hasMessageContaining("refused");

        server.restart();

        assertThat(Sql.query(database.dataSource(), "SELECT string_agg(n::text, ',') FROM kept"))
                .isEqualTo("42");
        assertThat(Sql.query(database.dataSource(), "SHOW fsync")).isEqualTo("on");
    }

    @Test
    void recoversByItselfWhenABackendIsKilled() throws SQLException {
        Sql.execute(database.dataSource(), "INSERT INTO kept VALUES (42)");
        try (Connection open = database.dataSource().getConnection()) {
            long pid = open.unwrap(PGConnection.class).getBackendPID();
            server.killBackend(pid);
            assertThatThrownBy(() -> open.createStatement().execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(Sql.query(database.dataSource(), "SELECT n FROM kept"))
                        .isEqualTo("42"));
    }

    @Test
    void killsNoProcessOfSomebodyElse() {
        long own = ProcessHandle.current().pid();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.killBackend(own))
                .withMessageContaining("Process " + own + " is no backend of this server. Nothing was killed.");
    }

    @Test
    void leavesTheServerThatRunsOnTheFolderAlone() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PostgresServer.start(data))
                .withMessage("A PostgreSQL server runs on the data in " + data
                        + " already. No other was started. Stop it, or choose another folder.");
        assertThat(Sql.query(database.dataSource(), "SELECT 1")).isEqualTo("1");
    }

    @Test
    void saysThatThereIsNothingToKill() {
        server.close();
        server.close();
        assertThatIllegalStateException()
                .isThrownBy(server::kill)
                .withMessageContaining("not running, so there is nothing to kill. Call restart() first.");
    }
}
