package io.eventsourcing.postgres.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.readmodel.ProjectionGeneration.State;
import io.eventsourcing.core.readmodel.ReadModelPort;
import io.eventsourcing.core.readmodel.ReadModelQuery;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.PostgresReadModels;
import io.eventsourcing.postgres.ReadModelTables;
import io.eventsourcing.postgres.crash.Chaos;
import io.eventsourcing.projection.ReadModels;
import io.eventsourcing.projection.RebuildProgress;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A new version of a projection is built and takes the place of the old one, while others append and read. */
class RebuildIT {

    private static final int EVENTS = Chaos.times(50_000, 500_000);
    private static final int COUNTERS = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(Chaos.times(60, 300));
    private static final Duration POLL = Duration.ofMillis(10);

    /** What those wait for in pg_locks who stop the batches of a projection, and who want the table for themselves. */
    private static final String BATCHES =
            "locktype = 'advisory' and mode = 'ExclusiveLock' and classid = 'eventsourcing.projection_generation'::regclass";

    private static final String TABLE = "relation = 'public.counter'::regclass and mode = 'AccessExclusiveLock'";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final Random random = Chaos.random(RebuildIT.class);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Semaphore holding = new Semaphore(0);
    private final CountDownLatch isBatchAwaited = new CountDownLatch(1);
    private final Semaphore falling = new Semaphore(0);
    private final CountDownLatch isClosed = new CountDownLatch(1);
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicBoolean isBehind = new AtomicBoolean();
    private final AtomicBoolean isReplacedTooEarly = new AtomicBoolean();
    private HikariDataSource nodes;
    private HikariDataSource application;
    private TransactionTemplate transaction;
    private JdbcClient sql;
    private JdbcClient administrator;
    private CounterLog log;
    private ReadModelPort<Counter> port;

    @BeforeEach
    void start() {
        TestDatabase database = postgres.database();
        new EventStoreSchema(database.dataSource()).migrate();
        nodes = CountingNode.pool(database.url(), database.user(), database.password(), "nodes");
        application = CountingNode.pool(database.url(), database.user(), database.password(), "application");
        transaction = new TransactionTemplate(new DataSourceTransactionManager(application));
        sql = JdbcClient.create(application);
        administrator = JdbcClient.create(database.adminDataSource());
        log = new CounterLog(
                new PostgresEventStore(application, CounterEvent.SERIALIZATION), database.adminDataSource(), COUNTERS);
        ReadModelTables tables = new ReadModelTables(application);
        port = new ReadModels(new PostgresReadModels(application, tables), CounterEvent.SERIALIZATION.json())
                .reader(Counter.class);
    }

    @AfterEach
    void stop() {
        isOver.set(true);
        nodes.close();
        application.close();
    }

    @Test
    void readersSeeOneVersionAndNeverAnEmptyTable() throws Exception {
        log.open();
        log.fill(EVENTS, random);
        AppendResult filled = log.count(1, random);
        try (CountingNode old = new CountingNode(nodes, "old", Counters.First::new, this::holdABatch)) {
            awaitShown(old, filled);
            rebuildWhileOthersAppendAndRead();
        }
        assertThat(log.rows()).isEqualTo(log.truth());
        assertThat(readBySql(CounterLog.TENANT.value())).hasSize(COUNTERS);
        assertThat(readBySql("another")).isEmpty();
    }

    private void rebuildWhileOthersAppendAndRead() throws Exception {
        CompletableFuture<AppendResult> appending = CompletableFuture.supplyAsync(this::append);
        List<Polling> readers = List.of(
                new Polling("ReadModelPort", COUNTERS, this::readByPort),
                new Polling("JDBC", COUNTERS, () -> readBySql(CounterLog.TENANT.value())));
        long begun = System.nanoTime();
        holding.release();
        try (CountingNode fresh = new CountingNode(nodes, "fresh", Counters.Second::new, this::fallBehind)) {
            holdTheTableForAWhile(fresh, readers);
            awaitReaders(readers, reader -> reader.newestVersion() == 2);
            report(begun);
            goOn(readers);
            isOver.set(true);
            awaitShown(fresh, appending.get());
        }
        readers.forEach(reader -> Chaos.report("RebuildIT figures: " + reader.end()));
    }

    private static void awaitShown(CountingNode node, AppendResult append) throws InterruptedException {
        assertThat(node.projections().await(Counters.NAME, append, PATIENCE)).isTrue();
    }

    /** One batch of the old version after the other takes long, until the switch has waited for one of them. */
    private void holdABatch(String moment) {
        if (moment.equals("after begin") && holding.tryAcquire() && !passes(isBatchAwaited)) {
            holding.release();
        }
    }

    /** One batch of the new version takes long, and the table is not replaced meanwhile, or rows would go back. */
    private void closeWhileTheRebuildIsBehind(CountingNode fresh) {
        falling.release();
        isBatchAwaited.countDown();
        awaitThat(
                "the old version is closed",
                () -> fresh.status().generations().stream().anyMatch(generation -> generation.state() == State.CLOSED));
        int before = looks.get();
        awaitThat("the new version has looked", () -> looks.get() > before + 2);
        assertThat(isReplacedTooEarly).isFalse();
        isClosed.countDown();
    }

    private void fallBehind(String moment) {
        switch (moment) {
            case "before begin" -> {
                if (falling.tryAcquire()) {
                    isBehind.set(true);
                    passes(isClosed);
                    isBehind.set(false);
                }
            }
            case "after states" -> looks.incrementAndGet();
            case "before takeOver" -> isReplacedTooEarly.compareAndSet(false, isBehind.get());
            default -> {}
        }
    }

    /** For a time after which PostgreSQL does not yet end the transaction of the batch. */
    private static boolean passes(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private AppendResult append() {
        Random choices = new Random(random.nextLong());
        AppendResult last = log.count(1, choices);
        while (!isOver.get()) {
            last = log.count(1 + choices.nextInt(4), choices);
            Chaos.pause(choices, 4);
        }
        return last;
    }

    /** A transaction that has read the table keeps the switch out, which gives up again and again, so that others read meanwhile. */
    private void holdTheTableForAWhile(CountingNode fresh, List<Polling> readers) {
        transaction.executeWithoutResult(status -> {
            sql.sql("select count(*) from public.counter").query(Long.class).single();
            await().atMost(PATIENCE).until(() -> progress(fresh).perSecond() > 0);
            Chaos.report("RebuildIT figures: " + progress(fresh).bar());
            awaitThat("the switch waits for a batch", () -> waits(BATCHES));
            closeWhileTheRebuildIsBehind(fresh);
            for (int attempt = 1; attempt <= 3; attempt++) {
                awaitThat("the switch waits for the table", () -> waits(TABLE));
                awaitThat("it gives up", () -> !waits(TABLE));
                goOn(readers);
            }
            assertThat(progress(fresh)).isNotNull();
        });
    }

    private static RebuildProgress progress(CountingNode fresh) {
        return Objects.requireNonNull(fresh.status().rebuild(), "A rebuild is under way.");
    }

    private static void awaitThat(String what, Callable<Boolean> is) {
        await(what).atMost(PATIENCE).pollInterval(POLL).until(is);
    }

    /** Whether somebody waits for this lock. */
    private boolean waits(String lock) {
        return administrator
                .sql("select exists (select from pg_locks where not granted and " + lock + ")")
                .query(Boolean.class)
                .single();
    }

    private static void goOn(List<Polling> readers) {
        List<Integer> before = readers.stream().map(Polling::polls).toList();
        awaitReaders(readers, reader -> reader.polls() > before.get(readers.indexOf(reader)) + 2);
    }

    private static void awaitReaders(List<Polling> readers, Predicate<Polling> state) {
        awaitThat("all readers are so far", () -> readers.stream().allMatch(state));
    }

    private List<Counter> readByPort() {
        return TenantContext.call(
                CounterLog.TENANT,
                () -> port.find(ReadModelQuery.all().limitedTo(ReadModelQuery.MAX_LIMIT))
                        .rows());
    }

    private List<Counter> readBySql(String tenant) {
        return transaction.execute(status -> {
            sql.sql("select set_config('eventsourcing.tenant', ?, true)")
                    .param(tenant)
                    .query(String.class)
                    .single();
            return sql.sql("select name, events, total, written_by from public.counter")
                    .query((row, number) -> new Counter(
                            row.getString("name"),
                            row.getLong("events"),
                            row.getLong("total"),
                            row.getInt("written_by")))
                    .list();
        });
    }

    private void report(long begun) {
        Chaos.report("RebuildIT figures: %d events, rebuilt and switched in %d ms"
                .formatted(log.appended(), (System.nanoTime() - begun) / 1_000_000));
    }
}
