package io.eventsourcing.core.snapshot;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.Objects;

/**
 * The state that a stream's events up to {@code version} fold to. A snapshot only saves time: it can be deleted or
 * ignored at any moment, and the state is rebuilt from the events.
 *
 * @param <S> the state's class, annotated with {@link SnapshotType} or registered
 * @param stream the stream
 * @param version the version of the last event in the state; 1 or more
 * @param state the state
 */
public record Snapshot<S>(StreamId stream, StreamVersion version, S state) {

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the version is 0: a stream without events has no state to keep
     */
    public Snapshot {
        Objects.requireNonNull(stream, "The stream of a snapshot is null.");
        Objects.requireNonNull(version, "The version of a snapshot is null.");
        Objects.requireNonNull(state, "The state of a snapshot is null.");
        if (version.equals(StreamVersion.NONE)) {
            throw new IllegalArgumentException("A snapshot of stream " + stream
                    + " cannot be at version 0: a stream without events has no state to keep.");
        }
    }
}
