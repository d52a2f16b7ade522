package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.postgres.crash.Chaos;
import io.eventsourcing.testkit.postgres.PostgresServer;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A node goes on at a replica that was promoted: what it finds there, and what it does with what it has read before. */
class FailoverIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int STREAMS = 8;

    /** So long that a node that is switched over at once still holds it. */
    private static final Duration LEASE = Duration.ofSeconds(12);

    /** By itself the tail looks seldom: what others have appended is found by somebody else, or late. */
    private static final TailSettings SELDOM =
            new TailSettings(1_000, Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofSeconds(10));

    @TempDir
    Path folder;

    private final Switch current = new Switch();
    private final JdbcTemplate jdbc = new JdbcTemplate(current);
    private final PostgresEventLog log = new PostgresEventLog(current, Noted.SERIALIZATION);
    private final PostgresEventStore store = new PostgresEventStore(current, Noted.SERIALIZATION);
    private final Set<UUID> outside = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private PostgresServer primary;
    private PostgresServer standby;
    private JdbcTemplate primaryAdmin;
    private JdbcTemplate standbyAdmin;
    private DataSource promoted;
    private volatile boolean asIfOthersAppend;

    /** Holds up the handler with an effect outside. */
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private final AtomicInteger calls = new AtomicInteger();

    private LogTail tail;
    private Subscriptions subscriptions;

    /** The address that a failover moves from one server to another. */
    private static final class Switch extends AbstractDataSource {

        private volatile DataSource target;

        @Override
        public Connection getConnection() throws SQLException {
            return target.getConnection();
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return target.getConnection(user, password);
        }
    }

    @BeforeEach
    void startServersAndSubscriptions() throws IOException {
        primary = PostgresServer.start(folder.resolve("primary"));
        TestDatabase database = primary.createDatabase();
        current.target = database.dataSource();
        primaryAdmin = new JdbcTemplate(database.adminDataSource());
        new EventStoreSchema(current).migrate();
        jdbc.execute(
                "create table handled (number bigint generated always as identity, id uuid, stream text, version bigint)");

        BaseBackup.take(database.adminDataSource(), folder.resolve("primary"), folder.resolve("standby"));
        BaseBackup.makeStandby(folder.resolve("standby"), primary.port());
        standby = PostgresServer.start(folder.resolve("standby"));
        // a login for the same database on the other server
        String url = database.url().replace(":" + primary.port() + "/", ":" + standby.port() + "/");
        promoted = new DriverManagerDataSource(url, database.user(), database.password());
        standbyAdmin = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", ""));

        tail = new LogTail(log, Noted.SERIALIZATION, SELDOM);
        store.onAppend(() -> {
            if (!asIfOthersAppend) {
                tail.wake();
            }
        });
        subscriptions = new Subscriptions(
                tail, log, new PostgresCheckpoints(current), new SubscriptionSettings("node", LEASE, Duration.ZERO));
        subscriptions.start(subscription(Delivery.IN_TRANSACTION).handledBy(batch -> batch.forEach(this::insert)));
        subscriptions.start(subscription(Delivery.AT_LEAST_ONCE).handledBy(batch -> {
            calls.incrementAndGet();
            gate.await();
            batch.forEach(event -> outside.add(event.id().value()));
        }));
    }

    private static Subscription.Builder subscription(Delivery delivery) {
        return Subscription.named("failover-" + delivery)
                .startingAt(StartPosition.beginning())
                .delivery(delivery);
    }

    private void insert(RecordedEvent event) {
        jdbc.update(
                "insert into handled (id, stream, version) values (?, ?, ?)",
                event.id().value(),
                event.stream().id(),
                event.version().value());
    }

    @AfterEach
    void stop() {
        subscriptions.close();
        tail.close();
        standby.close();
        primary.close();
    }

    private List<Long> append(int events, int streams) {
        return IntStream.range(0, events).mapToObj(i -> append(streams)).toList();
    }

    private long append(int streams) {
        int number = numbers.incrementAndGet();
        return store.append(AppendRequest.of(
                        StreamId.of("failover", "stream-" + number % streams),
                        ExpectedVersion.any(),
                        new Noted("number " + number)))
                .positions()
                .get(0)
                .value();
    }

    private List<LogEntry> events() {
        List<LogEntry> all = new ArrayList<>();
        for (LogPage page : log.readAll(LogQuery.fromTheBeginning())) {
            all.addAll(page.entries());
        }
        return all;
    }

    private void promote() {
        assertThat(standbyAdmin.queryForObject("select pg_promote()", Boolean.class))
                .isTrue();
        current.target = promoted;
    }

    private void awaitEverythingHandled() {
        List<UUID> truth =
                events().stream().map(entry -> entry.stored().id().value()).toList();
        await().atMost(PATIENCE).until(() -> handled().size() >= truth.size() && outside.containsAll(truth));
        assertThat(handled()).containsExactlyInAnyOrderElementsOf(truth);
        assertThat(jdbc.queryForObject(
                        "select count(*) from (select version - lag(version, 1, 0) over (partition by stream order by number) as step"
                                + " from handled) s where step <> 1",
                        Integer.class))
                .as("out of order")
                .isZero();
    }

    private List<UUID> handled() {
        return jdbc.queryForList("select id from handled", UUID.class);
    }

    @Test
    void aSynchronousReplicaHasEverythingThatWasAcknowledged() {
        primaryAdmin.execute("alter system set synchronous_standby_names = 'standby'");
        primaryAdmin.queryForList("select pg_reload_conf()");
        await().until(() -> primaryAdmin
                .queryForList("select sync_state from pg_stat_replication", String.class)
                .equals(List.of("sync")));
        List<Long> acknowledged = new ArrayList<>();
        CompletableFuture<Void> appending = CompletableFuture.runAsync(() -> {
            while (true) {
                acknowledged.add(append(STREAMS));
            }
        });
        await().atMost(PATIENCE).until(() -> handled().size() > 200);

        primary.kill();
        assertThat(appending).failsWithin(PATIENCE);
        promote();
        long first = append(50, STREAMS).get(0);

        awaitEverythingHandled();
        assertThat(events()).extracting(entry -> entry.position().value()).containsAll(acknowledged);
        long last = acknowledged.get(acknowledged.size() - 1);
        Chaos.report(
                "failover, synchronous: %d events acknowledged before, the last at %d; the first after it at %d; %d handled"
                        .formatted(acknowledged.size(), last, first, handled().size()));
        // PostgreSQL logs a sequence 32 ahead, and one append was in flight
        assertThat(first).isBetween(last + 1, last + 34);
    }

    /**
     * The lost ones were handled, and their positions belong to others now. The node sees no error, and would hold its lease. Those
     * segments that had none of them have moved no checkpoint meanwhile, and only the lease can tell that they have read too far.
     */
    @Test
    void whatAReplicaLacksIsGoneAndWhatTakesItsPositionsIsHandled() {
        List<Long> lost = appendWhatTheReplicaLacks();

        promote();
        assertThat(standbyAdmin.queryForObject(
                        "select expires_at > clock_timestamp() + interval '2 seconds' from eventsourcing.lease",
                        Boolean.class))
                .as("the lease would last")
                .isTrue();
        asIfOthersAppend = true;
        List<Long> added = append(300, STREAMS);

        assertThat(added).containsAnyElementsOf(lost);
        awaitEverythingHandled();
        Chaos.report("failover, 100 events behind: %d of their positions drawn again, %d of %d events handled"
                .formatted(
                        added.stream().filter(lost::contains).count(), handled().size(), events().size()));
    }

    /**
     * The node is faster than its lease: it meets a server that takes no writes, and then one whose log ends before what it has read.
     * Neither is an error of its own, and it goes on at the checkpoints that are there.
     */
    @Test
    void aNodeThatIsSentToTheReplicaTooEarlyGoesOnWhenItIsPromoted() {
        List<Long> lost = appendWhatTheReplicaLacks();
        GlobalPosition followed = log.now();
        gate = new CountDownLatch(1);
        int before = calls.get();
        append(1, STREAMS);
        await().until(() -> calls.get() > before);

        primary.kill();
        current.target = promoted;
        gate.countDown();
        await().atMost(PATIENCE)
                .until(() -> subscriptions.status().stream().allMatch(status -> status.problem() != null));
        promote();

        assertThatExceptionOfType(PositionAheadOfLogException.class)
                .isThrownBy(() -> log.read(LogQuery.startingAfter(followed)));
        List<Long> added = append(300, STREAMS);
        assertThat(added).containsAnyElementsOf(lost);
        awaitEverythingHandled();
        assertThat(subscriptions.status()).allMatch(status -> status.stoppedBy() == null);
    }

    /** Everything is handled, and the replica has the first hundred events only. */
    private List<Long> appendWhatTheReplicaLacks() {
        append(100, STREAMS);
        awaitEverythingHandled();
        await().until(() -> standbyAdmin.queryForObject("select count(*) from handled", Integer.class) == 100);
        standbyAdmin.execute("alter system set primary_conninfo = ''");
        standbyAdmin.queryForList("select pg_reload_conf()");
        standbyAdmin.queryForList("select pg_terminate_backend(pid) from pg_stat_wal_receiver");
        await().until(() -> standbyAdmin
                .queryForList("select pid from pg_stat_wal_receiver")
                .isEmpty());
        List<Long> lost = append(100, STREAMS / 2);
        awaitEverythingHandled();
        return lost;
    }
}
