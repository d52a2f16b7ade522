package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was read for a segment and is not handled yet, in order, and how far its log was read. Thread-safe. */
final class SegmentQueue {

    private static final long LONGEST = 2L * 1024 * 1024;

    private final int capacity;
    private final Deque<Routed> waiting = new ArrayDeque<>();
    private long length;
    private long firstSince;
    private GlobalPosition readTo;

    /** The growth of the log that was known when its end was reached; -1 before. */
    private long endedAt = -1;

    SegmentQueue(GlobalPosition start, int capacity) {
        this.readTo = start;
        this.capacity = capacity;
    }

    synchronized GlobalPosition readTo() {
        return readTo;
    }

    /** Whether more should be read, now that the log has grown so often. */
    synchronized boolean wantsMore(long growth) {
        return endedAt < growth && (waiting.isEmpty() || (waiting.size() < capacity && length < LONGEST));
    }

    /**
     * Takes what was read between two positions. A queue that had been read elsewhere takes nothing.
     *
     * @param from after which position the log was read
     * @param to how far
     * @param entries the segment's entries
     * @param end the growth for which this was the end of the log; -1 if it was not
     */
    synchronized void offer(GlobalPosition from, GlobalPosition to, List<Routed> entries, long end) {
        if (readTo.compareTo(from) < 0 || readTo.compareTo(to) > 0) {
            return;
        }
        for (Routed entry : entries) {
            if (entry.position().compareTo(readTo) > 0) {
                if (waiting.isEmpty()) {
                    firstSince = System.nanoTime();
                }
                waiting.add(entry);
                length += entry.entry().length();
            }
        }
        readTo = to;
        endedAt = end;
    }

    synchronized int size() {
        return waiting.size();
    }

    /** How far everything that was read is handled, if nothing waits; null otherwise. */
    synchronized @Nullable GlobalPosition handledTo() {
        return waiting.isEmpty() ? readTo : null;
    }

    /** For how long the first entry has waited; 0 if there is none. */
    synchronized long waitedNanos() {
        return waiting.isEmpty() ? 0 : System.nanoTime() - firstSince;
    }

    /** The first entries, which stay until they are {@link #removeTo removed}. */
    synchronized List<Routed> first(int atMost) {
        List<Routed> first = new ArrayList<>(Math.min(atMost, waiting.size()));
        for (Routed entry : waiting) {
            if (first.size() == atMost) {
                break;
            }
            first.add(entry);
        }
        return first;
    }

    /** Takes out what is handled or parked; what is left has waited for as long, or nearly so. */
    synchronized void removeTo(GlobalPosition position) {
        while (!waiting.isEmpty() && waiting.element().position().compareTo(position) <= 0) {
            length -= waiting.remove().entry().length();
        }
    }
}
