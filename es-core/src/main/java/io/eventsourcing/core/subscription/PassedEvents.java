package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a subscription has passed events. A segment that has an event to handle notes its checkpoint when it has handled it, so that
 * the checkpoints of the events' own segments tell, and those of quiet ones, which are noted later, need not be waited for.
 */
final class PassedEvents {

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int LARGEST_PAGE = 500;

    private final Subscription subscription;
    private final EventLogPort log;
    private final CheckpointPort checkpoints;

    PassedEvents(Subscription subscription, EventLogPort log, CheckpointPort checkpoints) {
        this.subscription = subscription;
        this.log = log;
        this.checkpoints = checkpoints;
    }

    boolean await(List<GlobalPosition> positions, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long pause = FIRST_PAUSE_NANOS;
        Map<Integer, GlobalPosition> awaited = null;
        while (true) {
            if (awaited == null) {
                awaited = positions.isEmpty() ? Map.of() : bySegment(positions);
            }
            if (awaited != null && isPassed(awaited)) {
                return true;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(left, pause));
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    /** The last of the events in each segment; null while the log cannot be read so far, because an append below is in flight. */
    private @Nullable Map<Integer, GlobalPosition> bySegment(List<GlobalPosition> positions) {
        GlobalPosition last = positions.stream().max(GlobalPosition::compareTo).orElseThrow();
        GlobalPosition first = positions.stream().min(GlobalPosition::compareTo).orElseThrow();
        Map<Integer, GlobalPosition> lastOfSegment = new HashMap<>();
        int limit = (int)
                Math.min(LARGEST_PAGE, last.value() - first.value() + 1); // there are no more events than positions
        GlobalPosition read = new GlobalPosition(first.value() - 1);
        while (read.compareTo(last) < 0) {
            LogPage page = log.read(new LogQuery(read, subscription.filter(), limit));
            for (LogEntry entry : page.entries()) {
                if (positions.contains(entry.position())) {
                    lastOfSegment.put(segmentOf(entry), entry.position());
                }
            }
            if (page.isLast()
                    && page.position().compareTo(last) < 0
                    && page.mark().compareTo(last) < 0) {
                return null;
            }
            read = page.isLast() ? last : page.position();
        }
        return lastOfSegment;
    }

    private int segmentOf(LogEntry entry) {
        return SequencingPolicy.segmentOf(subscription.sequencing().keyOf(entry), subscription.segments());
    }

    private boolean isPassed(Map<Integer, GlobalPosition> awaited) {
        if (awaited.isEmpty()) {
            return true;
        }
        return checkpoints.segments(subscription.name()).stream()
                .allMatch(segment -> segment.position()
                                .compareTo(
                                        awaited.getOrDefault(segment.segment().number(), GlobalPosition.START))
                        >= 0);
    }
}
