package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.time.Instant;
import java.util.Set;

/**
 * An event as it stands in its store, with its payload upcast to the current class.
 *
 * @param stream its stream
 * @param version its place in the stream
 * @param position its place in the log
 * @param part 0; counts up where an upcaster turned one stored event into several, which then share everything else that
 *     identifies them
 * @param id its identity within the tenant
 * @param type the type and schema version of {@code payload}, after upcasting
 * @param payload the event itself
 * @param metadata what else is known about it
 * @param tags by which it can be found across streams
 * @param recordedAt when the store wrote it, by the store's clock, in microseconds
 */
public record RecordedEvent(
        StreamId stream,
        StreamVersion version,
        GlobalPosition position,
        int part,
        EventId id,
        VersionedType type,
        Object payload,
        EventMetadata metadata,
        Set<Tag> tags,
        Instant recordedAt) {

    /** Copies the tags. */
    public RecordedEvent {
        tags = Set.copyOf(tags);
    }

    /**
     * When the event happened in the business: the time its metadata gives, else the time it was recorded.
     *
     * @return the business time
     */
    public Instant occurredAt() {
        Instant given = metadata.occurredAt();
        return given != null ? given : recordedAt;
    }
}
