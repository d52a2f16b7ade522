package io.eventsourcing.benchmarks;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.postgres.PostgresEventLog;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** Follows the log on a thread of its own, and notes when it sees each position. */
final class Follower implements AutoCloseable {

    private final Map<Long, Long> seen = new ConcurrentHashMap<>();
    private final LogTail tail;
    private final GlobalPosition start;

    Follower(DataSource dataSource, EventSerialization serialization) {
        EventLogPort log = new PostgresEventLog(dataSource, serialization);
        this.start = log.now();
        this.tail = new LogTail(log, serialization, TailSettings.DEFAULT);
        Thread thread = new Thread(this::follow, "follower");
        thread.setDaemon(true);
        thread.start();
    }

    /** The time in microseconds, by a clock that all JVMs of the machine share. */
    static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    void wake() {
        tail.wake();
    }

    /** When each position was seen, in microseconds. */
    Map<Long, Long> seen() {
        return seen;
    }

    private void follow() {
        GlobalPosition position = start;
        try {
            while (true) {
                if (tail.await(position, Duration.ofSeconds(1))) {
                    LogPage page = tail.read(LogQuery.startingAfter(position));
                    long now = micros();
                    for (LogEntry entry : page.entries()) {
                        seen.put(entry.position().value(), now);
                    }
                    position = page.position();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        tail.close();
    }
}
