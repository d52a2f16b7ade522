package io.eventsourcing.postgres.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresCheckpoints;
import io.eventsourcing.postgres.PostgresEventLog;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** Kill -9 and suspension of JVMs that share subscriptions, and of their server, while others append. */
class SubscriptionKillIT {

    private static final int KILLS = Chaos.times(3, 50);

    private static final Duration LEASE = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private final Random random = Chaos.random(SubscriptionKillIT.class);
    private final List<ForkedJvm> nodes = new ArrayList<>();
    private final AtomicBoolean appending = new AtomicBoolean(true);
    private PostgresServer server;
    private TestDatabase database;
    private JdbcTemplate jdbc;
    private int started;

    @BeforeEach
    void start() {
        server = PostgresServer.start(folder.resolve("data"));
        database = server.createDatabase();
        new EventStoreSchema(database.dataSource()).migrate();
        jdbc = new JdbcTemplate(database.dataSource());
        for (String table : List.of(SubscriberProcess.EXACT, SubscriberProcess.OUTSIDE)) {
            jdbc.execute("create table public." + table
                    + " (id bigint generated always as identity, stream text, version bigint, position bigint)");
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(ForkedJvm::close);
        server.close();
    }

    private ForkedJvm startNode(Duration lease) {
        started++;
        ForkedJvm node =
                SubscriberProcess.start(database, folder.resolve("node-" + started + ".txt"), "node-" + started, lease);
        nodes.add(node);
        return node;
    }

    @Test
    void handlersInTheTransactionEqualTheTruthAndOthersMissNothing() throws Exception {
        startNode(LEASE);
        startNode(LEASE);
        CompletableFuture<Integer> appends = CompletableFuture.supplyAsync(this::appendUntilStopped);
        try {
            awaitProgress();
            for (int kill = 1; kill <= KILLS; kill++) {
                ForkedJvm victim = nodes.get(random.nextInt(nodes.size()));
                victim.kill();
                nodes.remove(victim);
                startNode(LEASE);
                if (kill % 3 == 0) {
                    suspendBeyondItsLease(nodes.get(random.nextInt(nodes.size())));
                }
                awaitProgress();
                Chaos.pause(random, 500);
            }
            server.kill();
            server.restart();
            awaitProgress();
        } finally {
            appending.set(false);
        }
        int unanswered = appends.get();
        long events = 0;
        for (LogPage page : log().readAll(LogQuery.fromTheBeginning().limitedTo(LogQuery.MAX_LIMIT))) {
            events += page.entries().size();
        }
        long all = events;
        assertThat(all).isGreaterThan(100);
        for (String table : List.of(SubscriberProcess.EXACT, SubscriberProcess.OUTSIDE)) {
            await(table + " to have all " + events + " events")
                    .atMost(PATIENCE)
                    .until(() -> distinct(table), handled -> handled == all);
        }
        long outside = count("public." + SubscriberProcess.OUTSIDE);
        Chaos.report(
                "%d kills, a suspension after every third, and a restart of the server: %d events, %d appends unanswered: exact %d; at least once %d, %d of them again"
                        .formatted(
                                KILLS,
                                events,
                                unanswered,
                                count("public." + SubscriberProcess.EXACT),
                                outside,
                                outside - events));
        assertThat(count("public." + SubscriberProcess.EXACT)).isEqualTo(events);
        assertThat(outOfOrder(SubscriberProcess.EXACT)).isZero();
        assertThat(outOfOrder(SubscriberProcess.OUTSIDE)).isZero();
    }

    private void suspendBeyondItsLease(ForkedJvm victim) throws Exception {
        victim.suspend();
        try {
            Chaos.pause(new Random(), 300);
            awaitProgress();
        } finally {
            victim.resume();
        }
    }

    /** What comes from now on is handled on every segment, so the dead node's segments have been taken over. */
    private void awaitProgress() {
        long now = log().now().value();
        PostgresCheckpoints checkpoints = new PostgresCheckpoints(database.dataSource());
        for (String subscription : List.of(SubscriberProcess.EXACT, SubscriberProcess.OUTSIDE)) {
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                List<SegmentState> segments = checkpoints.segments(subscription);
                return segments.size() == 16
                        && segments.stream()
                                .allMatch(segment -> segment.position().value() > now);
            });
        }
    }

    private PostgresEventLog log() {
        return new PostgresEventLog(database.dataSource(), Sent.SERIALIZATION);
    }

    private int appendUntilStopped() {
        PostgresEventStore store = new PostgresEventStore(database.dataSource(), Sent.SERIALIZATION);
        Random choices = new Random(random.nextLong());
        int unanswered = 0;
        for (int number = 1; appending.get(); number++) {
            try {
                store.append(AppendRequest.of(
                        StreamId.of("letter", "l-" + choices.nextInt(40)),
                        ExpectedVersion.any(),
                        new Sent(number),
                        new Sent(-number)));
            } catch (EventStoreException e) {
                unanswered++;
            }
            Chaos.pause(choices, 4);
        }
        return unanswered;
    }

    private long count(String table) {
        return jdbc.queryForObject("select count(*) from " + table, Long.class);
    }

    private long distinct(String table) {
        return jdbc.queryForObject("select count(distinct position) from public." + table, Long.class);
    }

    /** Events that were first handled after a later one of their stream was. */
    private long outOfOrder(String table) {
        return jdbc.queryForObject("""
                select count(*) from (
                    select first, lag(first) over (partition by stream order by version) as before
                    from (select stream, version, min(id) as first from public.%s group by stream, version) f) o
                where first < before""".formatted(table), Long.class);
    }

    @Test
    void aDeadNodesSegmentsAreTakenOverWithinFiveSeconds() throws Exception {
        Duration usual = Duration.ofSeconds(3);
        PostgresCheckpoints checkpoints = new PostgresCheckpoints(database.dataSource());
        ForkedJvm first = startNode(usual);
        await().atMost(PATIENCE).until(() -> owned(checkpoints, "node-1") == 16);
        startNode(usual);
        await().atMost(PATIENCE).until(() -> owned(checkpoints, "node-2") == 8);
        first.kill();
        long killed = System.nanoTime();
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(5))
                .until(() -> owned(checkpoints, "node-2") == 16);
        Chaos.report("taken over %d ms after kill -9".formatted((System.nanoTime() - killed) / 1_000_000));
    }

    private static long owned(PostgresCheckpoints checkpoints, String node) {
        return checkpoints.segments(SubscriberProcess.EXACT).stream()
                .filter(segment -> node.equals(segment.owner()))
                .count();
    }
}
