package io.eventsourcing.memory;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.stream.StreamId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** All events by their positions. Nothing is ever in flight here, so all of it may be read. Guarded by the lock of {@link StoredData}. */
final class StoredLog {

    private final TreeMap<GlobalPosition, StoredEvent> events = new TreeMap<>();
    private long lastPosition;

    GlobalPosition nextPosition() {
        return new GlobalPosition(++lastPosition);
    }

    GlobalPosition lastPosition() {
        return new GlobalPosition(lastPosition);
    }

    /** The position of the last event. */
    GlobalPosition lastEvent() {
        return events.isEmpty() ? GlobalPosition.START : events.lastKey();
    }

    /** The place before the first event that was recorded then or later. */
    GlobalPosition before(Instant time) {
        return events.values().stream()
                .filter(event -> !event.recordedAt().isBefore(time))
                .findFirst()
                .map(event -> new GlobalPosition(event.position().value() - 1))
                .orElseGet(this::lastEvent);
    }

    void add(StoredEvent event) {
        events.put(event.position(), event);
    }

    void remove(StoredStream stream) {
        stream.events().forEach(this::remove);
    }

    void remove(StoredEvent event) {
        events.remove(event.position());
    }

    LogPage page(LogQuery query, EventSerialization serialization, Predicate<StreamId> isArchived) {
        if (query.after().compareTo(lastPosition()) > 0) {
            throw new PositionAheadOfLogException(query.after(), lastPosition());
        }
        LogFilter filter = query.filter();
        Set<String> names = serialization.storedNames(filter.eventTypes());
        Predicate<StoredEvent> wanted = event ->
                filter.accepts(event, names) && (filter.includesArchived() || !isArchived.test(event.stream()));
        List<LogEntry> entries = events.tailMap(query.after(), false).values().stream()
                .filter(wanted)
                .limit(query.limit())
                .map(event -> new LogEntry(event, filter, serialization))
                .toList();
        boolean isFull = entries.size() == query.limit();
        GlobalPosition last = max(query.after(), lastEvent());
        GlobalPosition position = isFull ? entries.get(entries.size() - 1).position() : last;
        return new LogPage(entries, position, lastPosition(), position.equals(last));
    }

    private static GlobalPosition max(GlobalPosition one, GlobalPosition other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
