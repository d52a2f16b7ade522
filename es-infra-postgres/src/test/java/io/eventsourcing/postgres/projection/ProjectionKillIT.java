package io.eventsourcing.postgres.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.crash.Chaos;
import io.eventsourcing.postgres.process.ForkedJvm;
import io.eventsourcing.testkit.postgres.PostgresServer;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Kill -9 of JVMs that share a counting projection, and of their server, while others append. */
class ProjectionKillIT {

    private static final int KILLS = Chaos.times(3, 20);
    private static final int EVENTS = Chaos.times(4_000, 100_000);
    private static final int COUNTERS = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(5);

    @TempDir
    static Path data;

    private static PostgresServer server;

    @TempDir
    Path folder;

    private final Random random = Chaos.random(ProjectionKillIT.class);
    private final List<Node> nodes = new ArrayList<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private TestDatabase database;
    private HikariDataSource connections;
    private CounterLog log;
    private JdbcClient sql;
    private int started;
    private int unanswered;

    private record Node(String name, ForkedJvm jvm) {}

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start(data);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void start() {
        database = server.createDatabase();
        new EventStoreSchema(database.dataSource()).migrate();
        connections = CountingNode.pool(database.url(), database.user(), database.password(), "appends");
        sql = JdbcClient.create(database.adminDataSource());
        log = new CounterLog(
                new PostgresEventStore(connections, CounterEvent.SERIALIZATION), database.adminDataSource(), COUNTERS);
        log.open();
        startNode();
        startNode();
    }

    private void startNode() {
        started++;
        String name = "node-" + started;
        nodes.add(new Node(name, CountingProcess.start(database, folder, name)));
    }

    @AfterEach
    void stop() {
        isOver.set(true);
        nodes.forEach(node -> node.jvm().close());
        connections.close();
    }

    @Test
    void countersEqualTheTruthWhateverNodesAreKilled() throws Exception {
        long begun = System.nanoTime();
        CompletableFuture<Void> appending = CompletableFuture.runAsync(() -> append(EVENTS));
        int batches = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            awaitCounted((long) EVENTS * kill / (KILLS + 2));
            Chaos.pause(random, 200);
            batches += killANode(kill % 2 == 1);
            startNode();
        }
        appending.get();
        awaitAllCounted();
        Chaos.report(
                "ProjectionKillIT figures: %d kills of nodes, which had %d batches in the middle; %d events in %d ms"
                        .formatted(KILLS, batches, log.appended(), millisSince(begun)));
        assertThat(log.rows()).isEqualTo(log.truth());
    }

    /** At any moment, or in the middle of a batch; how many batches it was in the middle of. */
    private int killANode(boolean isInABatch) throws Exception {
        Node victim = nodes.remove(random.nextInt(nodes.size()));
        AtomicInteger batches = new AtomicInteger();
        await().atMost(PATIENCE).pollInterval(POLL).until(() -> {
            victim.jvm().suspend(); // so that it does nothing more until it is killed
            batches.set(batchesOf(victim.name()).size());
            boolean isFound = !isInABatch || batches.get() > 0;
            if (!isFound) {
                victim.jvm().resume();
            }
            return isFound;
        });
        victim.jvm().kill();
        return batches.get();
    }

    @Test
    void countersEqualTheTruthWhateverHappensToTheDatabase() throws Exception {
        long begun = System.nanoTime();
        CompletableFuture<Void> appending = CompletableFuture.runAsync(() -> append(Integer.MAX_VALUE));
        List<LongConsumer> faults = List.of(this::terminate, server::killBackend, this::killServer);
        int times = Chaos.times(1, 7) * faults.size();
        for (int i = 0; i < times; i++) {
            awaitMoreCounted();
            Chaos.pause(random, 200);
            faults.get(i % faults.size()).accept(batchInTheMiddle());
        }
        awaitMoreCounted();
        isOver.set(true);
        appending.get();
        awaitAllCounted();
        Chaos.report(
                "ProjectionKillIT figures: %d faults of the database, one after the other of a terminated backend, a killed one and a killed server; %d events in %d ms, %d appends unanswered"
                        .formatted(times, log.appended(), millisSince(begun), unanswered));
        assertThat(log.rows()).isEqualTo(log.truth());
    }

    private void terminate(long backend) {
        sql.sql("select pg_terminate_backend(?::int)").param(backend).query().singleRow();
    }

    private void killServer(long anyBackend) {
        server.kill();
        server.restart();
    }

    private long batchInTheMiddle() {
        List<Long> batches = await().atMost(PATIENCE)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(() -> batchesOf("node-%"), found -> !found.isEmpty());
        return batches.get(random.nextInt(batches.size()));
    }

    /** Backends of nodes of this name that have begun a batch and not ended it. */
    private List<Long> batchesOf(String node) {
        return sql.sql("""
                        select pid from pg_locks join pg_stat_activity using (pid)
                        where locktype = 'advisory' and mode = 'ShareLock' and granted and application_name like ?
                          and classid = 'eventsourcing.projection_generation'::regclass::oid
                        order by pid
                        """).param(node).query(Long.class).list();
    }

    private void awaitMoreCounted() {
        long now = await().atMost(PATIENCE).ignoreExceptions().until(log::counted, counted -> true);
        awaitCounted(now + 500);
    }

    private void awaitCounted(long events) {
        await(events + " events to be counted")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(() -> {
                    nodes.forEach(node -> node.jvm().requireAlive());
                    return log.counted() >= events;
                });
    }

    /** Too many are found at once by the comparison that follows. */
    private void awaitAllCounted() {
        awaitCounted(log.appended());
    }

    /** Until there are as many events, or it is over. What is not answered may have been written, and is not repeated. */
    private void append(int events) {
        Random choices = new Random(random.nextLong());
        int most = Chaos.times(4, 16);
        for (int appended = 0; appended < events && !isOver.get(); ) {
            int some = Math.min(events - appended, 1 + choices.nextInt(most));
            try {
                log.count(some, choices);
            } catch (EventStoreException e) {
                unanswered++;
            }
            appended += some;
            Chaos.pause(choices, 8);
        }
    }

    private static long millisSince(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }
}
