package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.List;

/**
 * What an append wrote, or found written by an earlier attempt with the same event ids.
 *
 * @param stream the stream
 * @param version the version of the last of the request's events
 * @param positions the position of each of the request's events, in their order
 * @param alreadyRecorded true if an earlier call had written the events and this one wrote nothing. False where this call had to
 *     be repeated within the store, so that nobody can tell which of both wrote them
 */
public record AppendResult(
        StreamId stream, StreamVersion version, List<GlobalPosition> positions, boolean alreadyRecorded) {

    /** Copies the positions. */
    public AppendResult {
        positions = List.copyOf(positions);
    }
}
