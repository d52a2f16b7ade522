package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log once for all segments of a subscription that this node owns, and hands each its events. A segment whose queue is full
 * is left behind, and read for again when it has room, so that a slow one does not hold up the others. Thread-safe; one thread at a
 * time reads.
 */
final class SegmentReader {

    /** What it is called in the status. */
    private static final String NAME = "reading the log";

    private static final Duration TOO_LONG = Duration.ofSeconds(10);

    private static final int PAGE = 500;

    private static final long READ_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Subscription subscription;
    private final LogTail tail;
    private final SegmentHost host;
    private final Supplier<Collection<SegmentRunner>> runners;
    private final Activity reading = new Activity();

    /** Guarded by this, as is what follows. How often the log has grown. */
    private long growth;

    /** A thread reads, or a timer will have one read after an error. */
    private boolean isReading;

    private int lastServed;

    /** Segments that were ahead of the log when it was last read for them. Used by the thread that reads. */
    private final Set<Integer> ahead = new HashSet<>();

    /**
     * Reads nothing yet.
     *
     * @param subscription what is read, and how it is divided
     * @param tail where from
     * @param host has the threads
     * @param runners those of the segments to read for, by number; none if there is nothing to read any more
     */
    SegmentReader(
            Subscription subscription, LogTail tail, SegmentHost host, Supplier<Collection<SegmentRunner>> runners) {
        this.subscription = subscription;
        this.tail = tail;
        this.host = host;
        this.runners = runners;
    }

    /** The log has grown. */
    void grown() {
        synchronized (this) {
            growth++;
        }
        readMore();
    }

    /** Has a thread read, if a segment wants more. */
    void readMore() {
        synchronized (this) {
            if (isReading) {
                return;
            }
            isReading = next() != null;
            if (!isReading) {
                host.recovered(NAME); // a segment that could not be read for may have gone elsewhere
                return;
            }
        }
        host.work(this::read);
    }

    /** What to say if a read does not come back; null if nothing is to be said. */
    @Nullable
    String problem() {
        return Activity.problem("The log has been read without an answer", reading.lasting(), TOO_LONG);
    }

    /** The next segment to read for: each in its turn. */
    private synchronized @Nullable SegmentRunner next() {
        SegmentRunner first = null;
        for (SegmentRunner runner : runners.get()) {
            if (runner.wantsMore(growth)) {
                if (runner.number() > lastServed) {
                    return runner;
                }
                first = first == null ? runner : first;
            }
        }
        return first;
    }

    private void read() {
        try {
            SegmentRunner next;
            while ((next = nextOrRest()) != null) {
                readFor(next);
            }
        } catch (RuntimeException | Error e) { // whatever it is, somebody must read again
            if (e instanceof PositionAheadOfLogException || Failure.of(e) == Failure.CONFIGURATION) {
                host.stop(e);
            } else {
                host.report(NAME, e);
            }
            host.later(this::readAgain, READ_AGAIN_NANOS);
        }
    }

    /** In one step: who wants more from now on finds nobody reading, and has somebody read. */
    private synchronized @Nullable SegmentRunner nextOrRest() {
        SegmentRunner next = next();
        if (next == null) {
            isReading = false;
        } else {
            lastServed = next.number();
        }
        return next;
    }

    /** Until then nobody else reads, or each who asks would begin a row of attempts of its own. */
    private void readAgain() {
        synchronized (this) {
            isReading = false;
        }
        readMore();
    }

    private void readFor(SegmentRunner runner) {
        // both before the read: what comes after it grows the log again, and a runner that begins after it may need
        // another log
        long known = growth();
        Collection<SegmentRunner> present = runners.get();
        GlobalPosition from = runner.readTo();
        LogPage page = read(runner, from);
        if (page == null) {
            return;
        }
        Map<Integer, List<Routed>> routed = route(page);
        for (SegmentRunner each : present) {
            if (each == runner || each.wantsMore(growth())) {
                each.offer(from, page, routed.getOrDefault(each.number(), List.of()), page.isLast() ? known : -1);
            }
        }
    }

    /**
     * A log that does not reach as far as the runner has read was taken back, by a failover or a restore, and the checkpoint with it, if
     * it is in the same database. So the runner ends, and the next renewal brings that checkpoint. One that is ahead as well is kept
     * elsewhere, and stops the subscription.
     */
    private @Nullable LogPage read(SegmentRunner runner, GlobalPosition from) {
        reading.begins();
        try {
            LogPage page = tail.read(new LogQuery(from, subscription.filter(), PAGE));
            ahead.remove(runner.number());
            host.recovered(NAME);
            return page;
        } catch (PositionAheadOfLogException e) {
            if (!ahead.add(runner.number())) {
                throw e;
            }
            host.report(NAME, e);
            runner.end();
            return null;
        } finally {
            reading.ends();
        }
    }

    private synchronized long growth() {
        return growth;
    }

    private Map<Integer, List<Routed>> route(LogPage page) {
        Map<Integer, List<Routed>> routed = new HashMap<>();
        for (LogEntry entry : page.entries()) {
            String key = keyOf(entry);
            int number = SequencingPolicy.segmentOf(key, subscription.segments());
            routed.computeIfAbsent(number, unused -> new ArrayList<>()).add(new Routed(entry, key));
        }
        return routed;
    }

    private String keyOf(LogEntry entry) {
        try {
            return subscription.sequencing().keyOf(entry);
        } catch (RuntimeException | LinkageError e) {
            throw new StopSubscriptionException(
                    "Subscription '" + subscription.name() + "' cannot tell the sequencing key of the " + entry
                            + ". It has stopped, because it could not keep the order. Mend its sequencing policy, or what"
                            + " keeps the event from being read.",
                    e);
        }
    }
}
