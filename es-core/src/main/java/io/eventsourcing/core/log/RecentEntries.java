package io.eventsourcing.core.log;

import io.eventsourcing.core.event.GlobalPosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * The latest entries of the log: all there are between two positions, as far as they are not too many, too large or too old. Not
 * thread-safe.
 */
final class RecentEntries {

    /** Bounds the memory of entries that are large, in characters of payload and metadata. */
    private static final long LONGEST = 16L * 1024 * 1024;

    private record Kept(LogEntry entry, long since) {}

    private final int capacity;
    private final long keepNanos;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private long length;

    /** Everything after the first position and up to the second one is kept. */
    private GlobalPosition from;

    private GlobalPosition to;

    RecentEntries(GlobalPosition start, int capacity, Duration keepFor) {
        this.from = start;
        this.to = start;
        this.capacity = capacity;
        this.keepNanos = keepFor.toNanos();
    }

    GlobalPosition end() {
        return to;
    }

    /** Whether everything after this position is kept. */
    boolean covers(GlobalPosition after) {
        return after.compareTo(from) >= 0 && after.compareTo(to) <= 0;
    }

    void add(LogPage page, long now) {
        for (LogEntry entry : page.entries()) {
            Kept added = new Kept(entry, now);
            kept.add(added);
            length += entry.length();
        }
        to = page.position();
        while (kept.size() > capacity || length > LONGEST) {
            dropFirst();
        }
    }

    void dropOld(long now) {
        while (!kept.isEmpty() && now - kept.getFirst().since() > keepNanos) {
            dropFirst();
        }
    }

    private void dropFirst() {
        Kept first = kept.removeFirst();
        length -= first.entry().length();
        from = first.entry().position();
    }

    /** The entries after a position that are wanted, and where to continue. */
    LogPage page(LogQuery query, Predicate<LogEntry> wanted) {
        List<LogEntry> found = new ArrayList<>();
        for (Kept candidate : kept) {
            LogEntry entry = candidate.entry();
            if (entry.position().compareTo(query.after()) > 0 && wanted.test(entry)) {
                found.add(entry.filteredBy(query.filter()));
                if (found.size() == query.limit()) {
                    return new LogPage(
                            found, entry.position(), to, entry.position().equals(to));
                }
            }
        }
        return new LogPage(found, to, to, true);
    }
}
