package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.testkit.postgres.PostgresServer;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    private static final String SEQUENCE = "'\"eventsourcing\".event_position_seq'";

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
            List<GlobalPosition> first = append(old.dataSource(), 20);
            StreamId failing = Noted.newStream();
            List<GlobalPosition> stuck =
                    new ArrayList<>(List.of(append(old.dataSource(), failing), append(old.dataSource(), failing)));
            for (Delivery delivery : Delivery.values()) {
                try (NotingNode node = new NotingNode(old.dataSource(), delivery, LEASE, stuck.get(0))) {
                    await().until(() ->
                            node.handled().size() == 20 && node.parked().size() == 2);
                    assertThat(node.handled()).containsExactlyInAnyOrderElementsOf(first);
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
            List<GlobalPosition> backlog = append(old.dataSource(), 3);
            stuck.add(append(old.dataSource(), failing));
            await().until(() -> contents(moved).equals(contents(old)));
            Sql.execute(moved.adminDataSource(), "drop subscription moving");

            // nothing may be written before the sequence is set
            assertThatExceptionOfType(SchemaMismatchException.class)
                    .isThrownBy(() -> new EventStoreSchema(moved.dataSource()).validate())
                    .withMessageContainingAll("is at 1", "event at position " + stuck.get(2), "setval(");
            long drawn = Sql.number(old.dataSource(), "select pg_sequence_last_value(" + SEQUENCE + ")");
            Sql.texts(moved.dataSource(), "select setval(" + SEQUENCE + ", " + drawn + ")");
            new EventStoreSchema(moved.dataSource()).validate();

            GlobalPosition added = append(moved.dataSource(), Noted.newStream());
            assertThat(log(moved.dataSource())
                            .read(LogQuery.startingAfter(followed))
                            .entries())
                    .extracting(LogEntry::position)
                    .startsWith(backlog.toArray(GlobalPosition[]::new))
                    .endsWith(stuck.get(2), added)
                    .hasSize(5);

            for (Delivery delivery : Delivery.values()) {
                try (NotingNode node = new NotingNode(moved.dataSource(), delivery, LEASE, added)) {
                    await().until(() ->
                            node.handled().size() == 3 && node.parked().size() == 4);
                    assertThat(node.retry(node.parked().get(0)).handled()).isEqualTo(3);
                    assertThat(node.handled().subList(0, 3)).containsExactlyInAnyOrderElementsOf(backlog);
                    assertThat(node.handled().subList(3, 6)).isEqualTo(stuck);
                    assertThat(node.parked()).extracting(ParkedEvent::position).containsExactly(added);
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

    private static List<GlobalPosition> append(DataSource dataSource, int events) {
        return Stream.generate(() -> append(dataSource, Noted.newStream()))
                .limit(events)
                .toList();
    }

    private static GlobalPosition append(DataSource dataSource, StreamId stream) {
        return new PostgresEventStore(dataSource, Noted.SERIALIZATION)
                .append(Noted.to(stream))
                .positions()
                .get(0);
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
