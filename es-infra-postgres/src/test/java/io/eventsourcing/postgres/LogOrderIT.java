package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.postgres.crash.Chaos;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Whoever follows the log sees every committed event exactly once and in order, from an empty store on whose first append is
 * held open. Every run can fail: without the registration of appends, the same run loses events.
 */
class LogOrderIT {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final int EVENTS = Chaos.times(10_000, 500_000);

    private final HikariDataSource pool = pool();
    private final DataSource plain = postgres.database().dataSource();
    private final TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(pool));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Random random = Chaos.random(getClass());

    private static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.database().url());
        config.setUsername(postgres.database().user());
        config.setPassword(postgres.database().password());
        config.setMaximumPoolSize(16);
        return new HikariDataSource(config);
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        pool.close();
    }

    /** What a follower has seen, in the order in which it saw it. */
    private static final class Seen {

        private final List<GlobalPosition> positions = new ArrayList<>();
        private final Map<String, Long> versions = new HashMap<>();
        private int outOfOrder;

        void add(LogEntry entry) {
            StoredEvent event = entry.stored();
            add(event.stream().toString(), event.version().value(), event.position());
        }

        void add(String stream, long version, GlobalPosition position) {
            Long before = versions.put(stream, version);
            if (version != (before == null ? 1 : before + 1)) {
                outOfOrder++;
            }
            positions.add(position);
        }
    }

    /** Reads on from a position, and says where to continue. */
    @FunctionalInterface
    private interface Follower {
        GlobalPosition read(GlobalPosition after, Seen seen);
    }

    private record Run(List<GlobalPosition> committed, Seen seen) {}

    @Test
    void aFollowerSeesEveryCommittedEventOnceAndInOrder() {
        String schema = migrated("followed");

        assertSeesEverything(schema, EVENTS, follower(schema));
    }

    /** As through a pooler in transaction mode. */
    @Test
    void aFollowerOnThreeConnectionsSeesEveryCommittedEventOnceAndInOrder() {
        String schema = migrated("pooled");

        assertSeesEverything(schema, EVENTS / 2, (after, seen) -> readOnThreeConnections(schema, after, seen));
    }

    /** What one reader keeps in memory for all followers of a node. */
    @Test
    void aFollowerOfTheTailSeesEveryCommittedEventOnceAndInOrder() {
        String schema = migrated("tailed");
        EventLogPort log = new PostgresEventLog(plain, Noted.SERIALIZATION, schema);
        TailSettings settings =
                new TailSettings(200, Duration.ofSeconds(1), Duration.ofMillis(1), Duration.ofMillis(10));
        try (LogTail tail = new LogTail(log, Noted.SERIALIZATION, settings)) {
            assertSeesEverything(schema, EVENTS / 2, (after, seen) -> {
                LogPage page = tail.read(LogQuery.startingAfter(after).limitedTo(1 + random.nextInt(500)));
                page.entries().forEach(seen::add);
                return page.isLast() ? readOn(log, page.position(), seen) : page.position();
            });
        }
    }

    /** The tail may be behind; the last events are read without it. */
    private static GlobalPosition readOn(EventLogPort log, GlobalPosition after, Seen seen) {
        LogPage page = log.read(LogQuery.startingAfter(after).limitedTo(1));
        page.entries().forEach(seen::add);
        return page.position();
    }

    @Test
    void withoutTheRegistrationEventsAreLost() {
        String schema = migrated("unregistered");
        String source = Sql.texts(plain, "select pg_get_functiondef('unregistered.append_events'::regproc)")
                .get(0);
        String registration = "pg_advisory_xact_lock_shared('\"unregistered\".event_position_seq'::regclass::oid::int,"
                + " registration::int)";
        assertThat(source).contains(registration);
        Sql.execute(plain, source.replace(registration, "''"));

        Run run = run(schema, 2_000, follower(schema));

        Chaos.report("without registration: " + (run.committed.size() - run.seen.positions.size()) + " of "
                + run.committed.size() + " events lost");
        assertThat(run.seen.positions).hasSizeLessThan(run.committed.size());
    }

    private String migrated(String schema) {
        return new EventStoreSchema(plain, schema).migrate().name();
    }

    private Follower follower(String schema) {
        EventLogPort log = new PostgresEventLog(plain, Noted.SERIALIZATION, schema);
        return (after, seen) -> {
            LogPage page = log.read(LogQuery.startingAfter(after).limitedTo(1 + random.nextInt(500)));
            page.entries().forEach(seen::add);
            return page.position();
        };
    }

    private GlobalPosition readOnThreeConnections(String schema, GlobalPosition after, Seen seen) {
        String sequence = "'" + schema + ".event_position_seq'::regclass";
        long last = Sql.number(plain, "select pg_sequence_last_value(" + sequence + ")");
        long mark = Sql.number(
                plain,
                "select least(" + last
                        + ", min(objid::bigint)) from pg_locks where locktype = 'advisory' and objsubid = 2"
                        + " and mode = 'ShareLock' and classid = " + sequence);
        try (Connection connection = plain.getConnection()) {
            Sql.execute(connection, "set eventsourcing.all_tenants = 'on'");
            readRange(connection, schema, after.value(), mark, seen);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return new GlobalPosition(Math.max(after.value(), mark));
    }

    private static void readRange(Connection connection, String schema, long after, long mark, Seen seen)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select tenant || '/' || stream_id, version, position from " + schema
                        + ".event where position > ? and position <= ? order by position")) {
            statement.setLong(1, after);
            statement.setLong(2, mark);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    seen.add(row.getString(1), row.getLong(2), new GlobalPosition(row.getLong(3)));
                }
            }
        }
    }

    private void assertSeesEverything(String schema, int events, Follower follower) {
        Run run = run(schema, events, follower);

        Chaos.report(schema + ": " + run.committed.size() + " events committed, " + run.seen.positions.size()
                + " seen, " + run.seen.outOfOrder + " out of order");
        assertThat(run.committed).hasSizeGreaterThanOrEqualTo(events);
        assertThat(run.seen.positions).isEqualTo(run.committed);
        assertThat(run.seen.outOfOrder).isZero();
    }

    /** Follows an empty store whose first append is held open while the others begin, until all have ended. */
    private Run run(String schema, int events, Follower follower) {
        PostgresEventStore store = new PostgresEventStore(pool, Noted.SERIALIZATION, schema);
        List<GlobalPosition> committed = new ArrayList<>();
        Seen seen = new Seen();
        AtomicReference<GlobalPosition> position = new AtomicReference<>(GlobalPosition.START);
        List<CompletableFuture<List<GlobalPosition>>> writers = transaction.execute(status -> {
            committed.addAll(store.append(Noted.to(Noted.newStream())).positions());
            List<CompletableFuture<List<GlobalPosition>>> started =
                    new LogWriters(store, transaction).start(random, events, threads);
            for (int i = 0; i < 5; i++) {
                position.updateAndGet(from -> follower.read(from, seen));
                Chaos.pause(random, 10);
            }
            return started;
        });
        boolean ended;
        do {
            ended = writers.stream().allMatch(CompletableFuture::isDone);
            position.updateAndGet(from -> follower.read(from, seen));
        } while (!ended);
        writers.forEach(writer -> committed.addAll(writer.join()));
        readTheRest(follower, position.get(), seen);
        committed.sort(null);
        return new Run(committed, seen);
    }

    private static void readTheRest(Follower follower, GlobalPosition from, Seen seen) {
        GlobalPosition position = from;
        GlobalPosition next = follower.read(position, seen);
        while (next.compareTo(position) > 0) {
            position = next;
            next = follower.read(position, seen);
        }
    }
}
