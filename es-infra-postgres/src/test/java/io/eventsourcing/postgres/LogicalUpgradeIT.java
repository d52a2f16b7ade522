package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.testkit.postgres.PostgresServer;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of docs/operations.md for moving to another server by logical replication, which copies rows and no sequences. */
class LogicalUpgradeIT {

    private static final String TABLES =
            "eventsourcing.event, eventsourcing.event_tag, eventsourcing.closed_stream, eventsourcing.snapshot,"
                    + " eventsourcing.subscription, eventsourcing.checkpoint, eventsourcing.parked_event";

    @Test
    void followersGoOnWhereTheyWere(@TempDir Path folder) {
        try (PostgresServer oldServer = PostgresServer.start(folder.resolve("old"));
                PostgresServer newServer = PostgresServer.start(folder.resolve("new"))) {
            TestDatabase old = oldServer.createDatabase();
            TestDatabase moved = newServer.createDatabase();
            Sql.execute(old.adminDataSource(), "alter system set wal_level = 'logical'");
            oldServer.restart();
            new EventStoreSchema(old.dataSource()).migrate();
            for (int i = 0; i < 20; i++) {
                append(old.dataSource());
            }
            GlobalPosition followed = log(old.dataSource()).now();

            // the schema is made anew, the rows are copied
            new EventStoreSchema(moved.dataSource()).migrate();
            Sql.execute(old.adminDataSource(), "create publication moving for table " + TABLES);
            Sql.execute(
                    moved.adminDataSource(),
                    "create subscription moving connection '" + connectionTo(old) + "' publication moving"
                            + asItsOwner(moved));
            append(old.dataSource());
            Awaitility.await().until(() -> events(moved) == 21);
            Sql.execute(moved.adminDataSource(), "drop subscription moving");

            // nothing may be written before the sequence is set
            assertThatExceptionOfType(SchemaMismatchException.class)
                    .isThrownBy(() -> new EventStoreSchema(moved.dataSource()).validate())
                    .withMessageContainingAll("is at 1", "event at position 22", "setval(");
            Sql.texts(moved.dataSource(), "select setval('\"eventsourcing\".event_position_seq', 22)");
            new EventStoreSchema(moved.dataSource()).validate();

            AppendResult added = append(moved.dataSource());
            List<GlobalPosition> seen =
                    log(moved.dataSource()).read(LogQuery.startingAfter(followed)).entries().stream()
                            .map(LogEntry::position)
                            .toList();
            assertThat(seen).hasSize(2).endsWith(added.positions().get(0));
        }
    }

    /** From 16 on changes are applied as the tables' owner, whom row-level security stops, unless said otherwise. */
    private static String asItsOwner(TestDatabase database) {
        return Sql.number(database.adminDataSource(), "select current_setting('server_version_num')") >= 160_000
                ? " with (run_as_owner = true)"
                : "";
    }

    private static AppendResult append(DataSource dataSource) {
        return new PostgresEventStore(dataSource, Noted.SERIALIZATION).append(Noted.to(Noted.newStream()));
    }

    private static EventLogPort log(DataSource dataSource) {
        return new PostgresEventLog(dataSource, Noted.SERIALIZATION);
    }

    private static long events(TestDatabase database) {
        return Sql.number(database.adminDataSource(), "select count(*) from eventsourcing.event");
    }

    private static String connectionTo(TestDatabase database) {
        int port = URI.create(database.url().substring("jdbc:".length())).getPort();
        return "host=localhost port=" + port + " dbname=" + database.user() + " user=postgres";
    }
}
