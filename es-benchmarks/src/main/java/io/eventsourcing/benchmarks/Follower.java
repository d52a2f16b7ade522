package io.eventsourcing.benchmarks;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.postgres.PostgresCheckpoints;
import io.eventsourcing.postgres.PostgresEventLog;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** A node with a subscription of each delivery, whose handlers note when they are given each event. */
final class Follower implements AutoCloseable {

    private static final int SEGMENTS = 16;

    private final Map<Delivery, Map<Long, Long>> seen = new EnumMap<>(Delivery.class);
    private final LogTail tail;
    private final Subscriptions subscriptions;

    /** Returns when the node owns its segments. */
    Follower(DataSource dataSource, EventSerialization serialization) {
        EventLogPort log = new PostgresEventLog(dataSource, serialization);
        this.tail = new LogTail(log, serialization, TailSettings.DEFAULT);
        this.subscriptions =
                new Subscriptions(tail, log, new PostgresCheckpoints(dataSource), SubscriptionSettings.ofThisProcess());
        for (Delivery delivery : Delivery.values()) {
            Map<Long, Long> seenByThis = new ConcurrentHashMap<>();
            seen.put(delivery, seenByThis);
            subscriptions.start(
                    Subscription.named("follower-" + ProcessHandle.current().pid() + "-" + delivery)
                            .segments(SEGMENTS)
                            .startingAt(StartPosition.now())
                            .delivery(delivery)
                            .handledBy(batch -> note(batch, seenByThis)));
        }
        while (!subscriptions.status().stream()
                .allMatch(status -> status.segments().size() == SEGMENTS)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static void note(List<RecordedEvent> batch, Map<Long, Long> seen) {
        long now = micros();
        batch.forEach(event -> seen.put(event.position().value(), now));
    }

    /** The time in microseconds, by a clock that all JVMs of the machine share. */
    static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    void wake() {
        tail.wake();
    }

    /** When each position was handed to its handler, in microseconds. */
    Map<Delivery, Map<Long, Long>> seen() {
        return seen;
    }

    @Override
    public void close() {
        subscriptions.close();
        tail.close();
    }
}
