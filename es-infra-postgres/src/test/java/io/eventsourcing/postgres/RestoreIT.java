package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.testkit.postgres.PostgresServer;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** What is found in a new cluster that was restored from a backup of a store at work. */
class RestoreIT {

    /** So long that nobody takes anything over by waiting. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private PostgresServer server;
    private DataSource dataSource;
    private TransactionTemplate transaction;
    private List<GlobalPosition> saved;
    private List<GlobalPosition> taken;
    private EventId lastTaken;

    /** At the moment of the backup 20 events are appended, each subscription has parked one, one append is prepared, and one is in flight. */
    @BeforeEach
    void restore() {
        TestDatabase database;
        Map<Delivery, NotingNode> nodes = new EnumMap<>(Delivery.class);
        try (PostgresServer original = PostgresServer.start(folder.resolve("original"))) {
            database = original.createDatabase();
            dataSource = database.dataSource();
            transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
            new EventStoreSchema(dataSource).migrate();
            saved = append(20);
            for (Delivery delivery : Delivery.values()) {
                nodes.put(delivery, new NotingNode(dataSource, delivery, LEASE, saved.get(2)));
            }
            nodes.values()
                    .forEach(node -> await().until(() ->
                            node.handled().size() == 19 && node.parked().size() == 1));
            transaction.executeWithoutResult(status -> {
                append(1);
                new JdbcTemplate(dataSource).execute("prepare transaction 'in doubt'");
            });
            transaction.executeWithoutResult(status -> {
                append(1);
                BaseBackup.take(database.adminDataSource(), folder.resolve("original"), folder.resolve("restored"));
            });
            endWhatIsInDoubt("rollback");
            taken = append(100);
            lastTaken = idAt(taken.get(99));
            original.kill(); // no node gives up its lease
            nodes.values().forEach(NotingNode::close);
            server = PostgresServer.start(folder.resolve("restored"));
            dataSource = new DriverManagerDataSource(
                    database.url().replace(":" + original.port() + "/", ":" + server.port() + "/"),
                    database.user(),
                    database.password());
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Only the prepared append is in doubt; the one that was in flight is not there. */
    private void endWhatIsInDoubt(String how) {
        Sql.execute(dataSource, how + " prepared 'in doubt'");
    }

    private EventId idAt(GlobalPosition position) {
        return new PostgresEventLog(dataSource, Noted.SERIALIZATION)
                .read(LogQuery.startingAfter(new GlobalPosition(position.value() - 1)))
                .entries()
                .get(0)
                .stored()
                .id();
    }

    private List<GlobalPosition> append(int events) {
        PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
        return Stream.generate(() ->
                        store.append(Noted.to(Noted.newStream())).positions().get(0))
                .limit(events)
                .toList();
    }

    @Test
    void theLogIsThatOfTheBackupAndOnlyWhatWasPreparedHoldsItBack() {
        new EventStoreSchema(dataSource).validate();
        PostgresEventLog log = new PostgresEventLog(dataSource, Noted.SERIALIZATION);
        List<GlobalPosition> added = append(1);

        assertThat(log.read(LogQuery.fromTheBeginning()).entries())
                .extracting(LogEntry::position)
                .isEqualTo(saved);
        assertThat(log.highWaterMark().heldBackBy())
                .hasValueSatisfying(append -> assertThat(append.toString()).contains("in doubt"));

        endWhatIsInDoubt("commit");
        assertThat(log.highWaterMark().heldBackBy()).isEmpty();
        assertThat(log.read(LogQuery.startingAfter(saved.get(19))).entries())
                .extracting(LogEntry::position)
                .hasSize(2)
                .endsWith(added.get(0));
    }

    @Test
    void subscriptionsGoOnAtOnceWithWhatTheyHaveParked() {
        endWhatIsInDoubt("rollback");
        List<GlobalPosition> added = append(5);
        for (Delivery delivery : Delivery.values()) {
            try (NotingNode node = new NotingNode(dataSource, delivery, LEASE, null)) {
                await().until(() -> node.handled().size() >= 5);
                ParkedEvent parked = node.parked().get(0);
                assertThat(node.retry(parked).handled()).isEqualTo(1);
                assertThat(node.handled()).hasSize(6).containsAll(added).endsWith(saved.get(2));
                assertThat(node.parked()).isEmpty();
            }
        }
    }

    /** Its position is refused only until the log has come as far again: then it would miss what stands below. */
    @Test
    void whoKeepsHisPositionElsewhereIsRefusedUntilTheLogHasPassedIt() {
        endWhatIsInDoubt("rollback");
        PostgresEventLog log = new PostgresEventLog(dataSource, Noted.SERIALIZATION);
        LogQuery ahead = LogQuery.startingAfter(taken.get(99));

        assertThatExceptionOfType(PositionAheadOfLogException.class)
                .isThrownBy(() -> log.read(ahead))
                .withMessageContaining(taken.get(99).toString());

        List<GlobalPosition> added = append(110);
        assertThat(added).containsAnyElementsOf(taken);
        assertThat(log.read(ahead).entries()).hasSizeLessThan(added.size());
        assertThat(idAt(taken.get(99))).as("what its position is now").isNotEqualTo(lastTaken);
    }
}
