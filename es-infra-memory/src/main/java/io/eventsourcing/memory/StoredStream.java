package io.eventsourcing.memory;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.serialization.StoredSnapshot;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The events and snapshots of one stream. Guarded by the lock of {@link StoredData}. */
final class StoredStream {

    private final StreamId id;
    private final List<StoredEvent> events = new ArrayList<>();
    private final Map<VersionedType, StoredSnapshot> snapshots = new HashMap<>();
    private boolean archived;

    StoredStream(StreamId id) {
        this.id = id;
    }

    StoredStream copy() {
        StoredStream copy = new StoredStream(id);
        copy.events.addAll(events);
        copy.snapshots.putAll(snapshots);
        copy.archived = archived;
        return copy;
    }

    StreamVersion version() {
        return StreamVersion.of(events.size());
    }

    StoredEvent add(EventId eventId, SerializedEvent content, GlobalPosition position, Instant recordedAt) {
        StoredEvent event = new StoredEvent(id, version().plus(1), position, eventId, recordedAt, content);
        events.add(event);
        return event;
    }

    StoredEvent event(long version) {
        return events.get(Math.toIntExact(version - 1));
    }

    List<StoredEvent> events() {
        return events;
    }

    boolean isArchived() {
        return archived;
    }

    void setArchived(boolean archived) {
        this.archived = archived;
    }

    /** Keeps the later one of this snapshot and the one that is kept already. */
    void keep(StreamVersion version, SerializedPayload state) {
        snapshots.merge(
                state.type(),
                new StoredSnapshot(id, version, state),
                (kept, added) -> kept.version().compareTo(added.version()) > 0 ? kept : added);
    }

    Optional<StoredSnapshot> latestSnapshot(String name, List<Integer> schemaVersions) {
        return schemaVersions.stream()
                .map(version -> snapshots.get(new VersionedType(name, version)))
                .filter(Objects::nonNull)
                .max(Comparator.comparing(StoredSnapshot::version)
                        .thenComparing(snapshot -> snapshot.state().type().schemaVersion()));
    }

    void deleteSnapshots() {
        snapshots.clear();
    }
}
