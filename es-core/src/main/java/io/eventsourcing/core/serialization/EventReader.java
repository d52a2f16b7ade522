package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionedType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads stored events: decodes them, upcasts them where they are not of a current type, and binds them. */
final class EventReader {

    private final EventTypes eventTypes;
    private final UpcasterChain upcasters;
    private final PayloadReader payloads;
    private final MetadataJson metadata;

    EventReader(EventTypes eventTypes, List<Upcaster> upcasters, PayloadReader payloads, MetadataJson metadata) {
        this.eventTypes = eventTypes;
        this.upcasters = new UpcasterChain(upcasters, eventTypes::isCurrent);
        this.payloads = payloads;
        this.metadata = metadata;
        this.upcasters.rejectDeadEnds();
        eventTypes.all().values().forEach(this::rejectGapBelow);
    }

    private void rejectGapBelow(VersionedType current) {
        for (int older = 1; older < current.schemaVersion(); older++) {
            VersionedType end = upcasters.deadEnd(current.at(older));
            if (end != null) {
                throw new MissingUpcasterException("Event type '" + current.name() + "' is at schema version "
                        + current.schemaVersion() + ", but no upcaster leads on from type " + end
                        + ". Events of schema version " + older
                        + " could not be read. Register an upcaster from " + end + ".");
            }
        }
    }

    List<RecordedEvent> read(StoredEvent stored) {
        SerializedPayload payload = stored.content().payload();
        try {
            if (upcasters.isCurrent(payload.type())) {
                Object bound = payloads.bind(stored.stream(), payload, classOf(payload.type()));
                return List.of(recorded(stored, 0, payload.type(), bound));
            }
            if (!upcasters.startsFrom(payload.type())) {
                throw notCurrent(stored, payload.type());
            }
            return readParts(stored, payloads.upcast(stored.stream(), payload, upcasters));
        } catch (UnreadablePayload e) {
            throw new EventNotReadableException(stored, e.detail(), e.getCause());
        }
    }

    Set<String> storedNames(Set<String> names) {
        return upcasters.namesLeadingTo(names);
    }

    private List<RecordedEvent> readParts(StoredEvent stored, List<TypedPayload> parts) {
        List<RecordedEvent> events = new ArrayList<>(parts.size());
        for (TypedPayload part : parts) {
            Object bound = payloads.bind(part.payload(), classOf(part.type()));
            events.add(recorded(stored, events.size(), part.type(), bound));
        }
        return events;
    }

    private RecordedEvent recorded(StoredEvent stored, int part, VersionedType type, Object payload) {
        EventMetadata meta = metadata.read(stored.content().metadata());
        Set<Tag> tags = new HashSet<>();
        stored.content().tags().forEach(tag -> tags.add(Tag.parse(tag)));
        return new RecordedEvent(
                stored.stream(),
                stored.version(),
                stored.position(),
                part,
                stored.id(),
                type,
                payload,
                meta,
                tags,
                stored.recordedAt());
    }

    private Class<?> classOf(VersionedType type) {
        return eventTypes.classOf(type.name()).orElseThrow();
    }

    private RuntimeException notCurrent(StoredEvent stored, VersionedType type) {
        return eventTypes
                .classOf(type.name())
                .map(eventTypes::typeOf)
                .<RuntimeException>map(current -> current.schemaVersion() > type.schemaVersion()
                        ? new MissingUpcasterException(stored, current)
                        : new UnknownEventTypeException(stored, current))
                .orElseGet(() -> new UnknownEventTypeException(stored));
    }
}
