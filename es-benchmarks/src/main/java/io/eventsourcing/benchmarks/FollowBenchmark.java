package io.eventsourcing.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.LogNotifier;
import io.eventsourcing.postgres.PostgresEventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints how long after its commit an event reaches the handlers of subscriptions: on the same node, woken in process, and in another
 * JVM, woken by a notification; at 100 appends a second, and how far that is above the median time of an append in the same run.
 *
 * <p>Argument: seconds (default 20).
 */
public final class FollowBenchmark {

    private static final int APPENDS_PER_SECOND = 100;

    private FollowBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args seconds
     * @throws Exception if the server or a follower fails
     */
    public static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        try (BenchmarkDatabase database = new BenchmarkDatabase();
                HikariDataSource pool = database.pool(16)) {
            System.out.println(database.settings());
            new EventStoreSchema(pool).migrate();
            EventSerialization serialization = EventSerialization.of(Measured.class);
            PostgresEventStore store = new PostgresEventStore(pool, serialization);
            try (FollowerProcess otherNode = FollowerProcess.start(database.url());
                    LogNotifier notifier = new LogNotifier(pool, EventStoreSchema.DEFAULT_NAME, Duration.ofMillis(2));
                    Follower sameNode = new Follower(pool, serialization)) {
                AtomicLong over = new AtomicLong();
                store.onAppend(() -> over.set(Follower.micros())); // first, before anybody is woken
                store.onAppend(sameNode::wake);
                store.onAppend(notifier::signal);
                append(store, over, APPENDS_PER_SECOND * 3); // warms up
                Committed committed = append(store, over, APPENDS_PER_SECOND * seconds);
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2)); // for the last ones to arrive
                committed.report("append, until it returns", committed.took());
                committed.reportWay("same node", sameNode.seen());
                committed.reportWay("other JVM", otherNode.seen());
            }
        }
    }

    /** When the append of each position was over, and how long each append took; in microseconds. */
    private record Committed(Map<Long, Long> at, List<Long> took) {

        void reportWay(String node, Map<Delivery, Map<Long, Long>> seen) {
            seen.forEach((delivery, seenAt) -> report("to handler, " + node + ", " + delivery, latencies(seenAt)));
        }

        /** Of those that were seen; the number of figures tells whether all were. */
        private List<Long> latencies(Map<Long, Long> seen) {
            List<Long> latencies = new ArrayList<>();
            at.forEach((position, committedAt) -> {
                Long seenAt = seen.get(position);
                if (seenAt != null) {
                    latencies.add(seenAt - committedAt);
                }
            });
            return latencies;
        }

        void report(String what, List<Long> micros) {
            System.out.printf(
                    "%-42s p50 %6.2f ms (%+5.2f above the median append), p99 %6.2f ms, max %6.2f ms (%d of %d)%n",
                    what,
                    millis(micros, 50),
                    millis(micros, 50) - millis(took, 50),
                    millis(micros, 99),
                    millis(micros, 100),
                    micros.size(),
                    took.size());
        }

        private static double millis(List<Long> micros, int percent) {
            List<Long> sorted = micros.stream().sorted().toList();
            return sorted.get(Math.min(sorted.size() * percent / 100, sorted.size() - 1)) / 1_000.0;
        }
    }

    private static Committed append(PostgresEventStore store, AtomicLong over, int count) {
        Committed committed = new Committed(new HashMap<>(), new ArrayList<>());
        long interval = TimeUnit.SECONDS.toNanos(1) / APPENDS_PER_SECOND;
        long next = System.nanoTime();
        for (int i = 0; i < count; i++) {
            next += interval;
            LockSupport.parkNanos(next - System.nanoTime());
            long began = System.nanoTime();
            long position = store.append(AppendRequest.of(
                            StreamId.of("bench", "s-" + next), ExpectedVersion.noStream(), new Measured(Measured.TEXT)))
                    .positions()
                    .get(0)
                    .value();
            committed.took().add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
            committed.at().put(position, over.get());
        }
        return committed;
    }
}
