package io.eventsourcing.memory;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.ParkedEvent;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parked events of a segment, and the ones that were discarded. Guarded by the lock of {@link StoredCheckpoints}. */
final class StoredParkedEvents {

    private final NavigableMap<GlobalPosition, Entry> entries = new TreeMap<>();

    void add(ParkedEvent event) {
        entries.put(event.position(), new Entry(event, null));
    }

    /** The events that wait, in the order of their positions. */
    Stream<ParkedEvent> waiting() {
        return entries.values().stream().filter(Entry::isWaiting).map(Entry::event);
    }

    long count() {
        return waiting().count();
    }

    Set<String> keys() {
        return waiting().map(ParkedEvent::key).collect(Collectors.toUnmodifiableSet());
    }

    boolean remove(ParkedEvent event) {
        return isWaiting(event) && entries.remove(event.position()) != null;
    }

    boolean discard(ParkedEvent event, String reason) {
        return change(event, entry -> new Entry(entry.event(), reason));
    }

    boolean failedAgain(ParkedEvent event, String error) {
        return change(event, entry -> new Entry(failed(entry.event(), error), null));
    }

    private static ParkedEvent failed(ParkedEvent event, String error) {
        return new ParkedEvent(
                event.segment(),
                event.key(),
                event.position(),
                event.id(),
                event.stream(),
                event.attempts() + 1,
                error,
                event.parkedAt());
    }

    private boolean change(ParkedEvent event, UnaryOperator<Entry> change) {
        boolean waiting = isWaiting(event);
        if (waiting) {
            entries.computeIfPresent(event.position(), (position, entry) -> change.apply(entry));
        }
        return waiting;
    }

    private boolean isWaiting(ParkedEvent event) {
        Entry entry = entries.get(event.position());
        return entry != null && entry.isWaiting();
    }

    /** An event, and why it was discarded; null while it waits. */
    private record Entry(ParkedEvent event, @Nullable String discardedBecause) {

        boolean isWaiting() {
            return discardedBecause == null;
        }
    }
}
