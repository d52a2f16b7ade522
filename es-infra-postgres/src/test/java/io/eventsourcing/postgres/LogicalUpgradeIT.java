package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.testkit.postgres.PostgresServer;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of docs/maintenance.md for moving to another server by logical replication, which copies rows and no sequences. */
class LogicalUpgradeIT {

    private static final String TABLES =
            "eventsourcing.event, eventsourcing.event_tag, eventsourcing.closed_stream, eventsourcing.snapshot,"
                    + " eventsourcing.subscription, eventsourcing.checkpoint, eventsourcing.parked_event";

    private static final Duration LEASE = Duration.ofSeconds(3);

    @Test
    void followersGoOnWhereTheyWere(@TempDir Path folder) {
        try (PostgresServer oldServer = PostgresServer.start(folder.resolve("old"));
                PostgresServer newServer = PostgresServer.start(folder.resolve("new"))) {
            TestDatabase old = oldServer.createDatabase();
            TestDatabase moved = newServer.createDatabase();
            Sql.execute(old.adminDataSource(), "alter system set wal_level = 'logical'");
            oldServer.restart();
            new EventStoreSchema(old.dataSource()).migrate();
            List<GlobalPosition> first = Stream.generate(
                            () -> append(old.dataSource()).positions().get(0))
                    .limit(20)
                    .toList();
            GlobalPosition poison = first.get(2);
            for (Delivery delivery : Delivery.values()) {
                try (NotingNode node = new NotingNode(old.dataSource(), delivery, LEASE, poison)) {
                    await().until(() ->
                            node.handled().size() == 19 && node.parked().size() == 1);
                }
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
            await().until(() -> contents(moved).equals(contents(old)));
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

            for (Delivery delivery : Delivery.values()) {
                try (NotingNode node = new NotingNode(
                        moved.dataSource(), delivery, LEASE, added.positions().get(0))) {
                    await().until(() ->
                            node.handled().size() == 1 && node.parked().size() == 2);
                    assertThat(node.retry(node.parked().get(0)).handled()).isEqualTo(1);
                    assertThat(node.handled()).containsExactly(seen.get(0), poison);
                    assertThat(node.parked()).extracting(ParkedEvent::position).containsExactly(seen.get(1));
                }
            }
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

    /** How much there is of what is copied, and how far the subscriptions have come. */
    private static List<String> contents(TestDatabase database) {
        return Sql.texts(
                database.adminDataSource(),
                "select (select count(*) from eventsourcing.event) || ' ' || (select count(*) from eventsourcing.subscription) || ' '"
                        + " || (select coalesce(sum(position), 0) from eventsourcing.checkpoint) || ' '"
                        + " || (select count(*) from eventsourcing.parked_event)");
    }

    private static String connectionTo(TestDatabase database) {
        int port = URI.create(database.url().substring("jdbc:".length())).getPort();
        return "host=localhost port=" + port + " dbname=" + database.user() + " user=postgres";
    }
}
