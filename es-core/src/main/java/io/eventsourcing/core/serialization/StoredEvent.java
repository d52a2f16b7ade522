package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.time.Instant;

/**
 * An event as an adapter reads it from its store, before upcasting.
 *
 * @param stream its stream
 * @param version its place in the stream
 * @param position its place in the log
 * @param id its identity
 * @param recordedAt when the store wrote it
 * @param content payload, metadata and tags
 */
public record StoredEvent(
        StreamId stream,
        StreamVersion version,
        GlobalPosition position,
        EventId id,
        Instant recordedAt,
        SerializedEvent content) {

    /** The event as error texts name it. */
    @Override
    public String toString() {
        return "event of type " + content.payload().type() + " at version " + version + " of stream " + stream
                + " (position " + position + ")";
    }
}
