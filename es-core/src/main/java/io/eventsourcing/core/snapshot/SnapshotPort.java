package io.eventsourcing.core.snapshot;

import io.eventsourcing.core.stream.StreamId;
import java.util.Optional;

/**
 * Keeps the latest snapshot of each stream, state type and schema version. A snapshot that cannot be read is never an
 * error and never a wrong state: it counts as absent, and the state is rebuilt from events.
 *
 * <p>Snapshots of several schema versions live side by side, so that the old and the new nodes of a rolling deployment
 * do not overwrite each other's. Thread-safe. To keep a snapshot together with the events it includes, give it to the
 * append instead.
 */
public interface SnapshotPort {

    /**
     * Keeps {@code snapshot} unless a later one of its stream, type and schema version is kept already.
     *
     * @param snapshot the snapshot
     * @throws SnapshotAheadOfStreamException if the stream has fewer events than the snapshot claims to include;
     *     nothing was written
     */
    void save(Snapshot<?> snapshot);

    /**
     * The latest snapshot that can be read as {@code state}: of the class's current schema version, or of an older one
     * that upcasters lead from.
     *
     * @param <S> the state's class
     * @param stream the stream
     * @param state the state's class
     * @return the snapshot, or empty if there is none that can be read
     */
    <S> Optional<Snapshot<S>> latest(StreamId stream, Class<S> state);

    /**
     * Deletes every snapshot of the stream, of all state types and schema versions. The next load folds its events.
     *
     * @param stream the stream
     */
    void deleteAll(StreamId stream);
}
