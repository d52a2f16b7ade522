package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Appends events to streams and loads them back exactly as they were recorded, in the order of their versions.
 *
 * <p>An append is written whole or not at all, and it is safe to retry with the same event ids: what was recorded before is
 * acknowledged with its original positions and never written twice. A stream belongs to a tenant; no call sees or changes
 * another tenant's streams.
 *
 * <p>Every method is thread-safe and sees what this thread appended before. Adapters for transactional stores take part in
 * a transaction that surrounds the call, and otherwise run their own.
 *
 * <p>Every method that reads events may throw {@link io.eventsourcing.core.serialization serialization's} errors for an
 * event whose type is unknown or whose payload cannot be read; they name stream, position, type and version.
 */
public interface EventStorePort {

    /**
     * Appends the request's events, and its snapshot, in one transaction.
     *
     * @param request what to append, where, and what is expected of the stream
     * @return the new version and the positions
     * @throws VersionConflictException if the stream is not at the expected version; nothing was written
     * @throws StreamArchivedException if the stream is archived; nothing was written
     * @throws StreamDeletedException if the stream was deleted; nothing was written
     * @throws DuplicateEventIdException if an event id is recorded already, but not by an earlier attempt of this very
     *     append; nothing was written
     * @throws AppendOutcomeUnknownException if the connection was lost before the store acknowledged the append; retry it
     *     with the same event ids
     * @throws TransientStoreException if the store gave the append up in favour of others; nothing was written, retry it
     * @throws EventStoreUnavailableException if the store cannot be reached now; nothing was written
     * @throws EventStoreRefusedException if the store's database refuses the append as it is; nothing was written
     */
    default AppendResult append(AppendRequest request) {
        Objects.requireNonNull(request, "The request of an append is null. Nothing was written.");
        return appendAll(List.of(request)).get(0);
    }

    /**
     * Appends to several streams of one tenant in one transaction: all requests are written, or none. Each request is
     * retried safely for itself: those that an earlier attempt recorded are acknowledged, the others are written.
     *
     * @param requests one or more, each for another stream
     * @return a result for each request, in their order
     * @throws IllegalArgumentException if there is no request, if two requests name one stream or one event id, or if
     *     they are of several tenants; nothing was written
     * @throws VersionConflictException see {@link #append}; the error names the first request that was refused
     * @throws StreamArchivedException see {@link #append}
     * @throws StreamDeletedException see {@link #append}
     * @throws DuplicateEventIdException see {@link #append}
     * @throws AppendOutcomeUnknownException see {@link #append}
     * @throws TransientStoreException see {@link #append}
     * @throws EventStoreUnavailableException see {@link #append}
     * @throws EventStoreRefusedException see {@link #append}
     */
    List<AppendResult> appendAll(List<AppendRequest> requests);

    /**
     * Loads a stream from its first event on.
     *
     * @param stream the stream
     * @return its events, oldest first; none if it was never written
     * @throws StreamDeletedException if the stream was deleted
     */
    default EventStream load(StreamId stream) {
        return load(stream, StreamVersion.FIRST);
    }

    /**
     * Loads a stream from a version on.
     *
     * @param stream the stream
     * @param from the version of the first event wanted, included
     * @return the events at {@code from} and after it, oldest first; none if the stream ends before
     * @throws StreamDeletedException if the stream was deleted
     */
    EventStream load(StreamId stream, StreamVersion from);

    /**
     * Loads the latest events of a stream.
     *
     * @param stream the stream
     * @param limit how many events at most; 1 or more
     * @return the events, newest first
     * @throws IllegalArgumentException if {@code limit} is below 1
     * @throws StreamDeletedException if the stream was deleted
     */
    default EventStream loadBackward(StreamId stream, long limit) {
        return loadBackward(stream, StreamVersion.of(Long.MAX_VALUE), limit);
    }

    /**
     * Loads a stream backward from a version.
     *
     * @param stream the stream
     * @param from the version of the first event wanted, included
     * @param limit how many stored events at most; 1 or more
     * @return the events at {@code from} and before it, newest first
     * @throws IllegalArgumentException if {@code limit} is below 1
     * @throws StreamDeletedException if the stream was deleted
     */
    EventStream loadBackward(StreamId stream, StreamVersion from, long limit);

    /**
     * Loads the latest snapshot that can be read as {@code state}, and the events after it, in one call.
     *
     * @param <S> the state's class
     * @param stream the stream
     * @param state the state's class, annotated or registered as a snapshot type
     * @return the snapshot, if any, and the events after it
     * @throws StreamDeletedException if the stream was deleted
     */
    <S> SnapshotAndEvents<S> loadWithSnapshot(StreamId stream, Class<S> state);

    /**
     * The version a stream is at.
     *
     * @param stream the stream
     * @return the version of its latest event; {@link StreamVersion#NONE} if it was never written
     * @throws StreamDeletedException if the stream was deleted
     */
    StreamVersion currentVersion(StreamId stream);

    /**
     * Tells whether a stream has events.
     *
     * @param stream the stream
     * @return true if it was written and not deleted
     */
    default boolean exists(StreamId stream) {
        return !existing(List.of(stream)).isEmpty();
    }

    /**
     * Tells whether all of the streams have events.
     *
     * @param streams the streams, of one or several tenants
     * @return true if each was written and not deleted; true for an empty list
     */
    default boolean allExist(Collection<StreamId> streams) {
        return existing(streams).containsAll(streams);
    }

    /**
     * Those of the streams that have events.
     *
     * @param streams the streams, of one or several tenants
     * @return the streams that were written and not deleted
     */
    Set<StreamId> existing(Collection<StreamId> streams);

    /**
     * Archives a stream: appends are refused from now on, loading still works, and readers of the log leave it out unless
     * they ask for it. Archiving an archived stream changes nothing.
     *
     * @param stream the stream
     * @throws StreamNotFoundException if it was never written
     * @throws StreamDeletedException if it was deleted
     */
    void archive(StreamId stream);

    /**
     * Takes a stream out of the archive: appends are accepted again. Does nothing for a stream that is not archived.
     *
     * @param stream the stream
     * @throws StreamNotFoundException if it was never written
     * @throws StreamDeletedException if it was deleted
     */
    void unarchive(StreamId stream);

    /**
     * Deletes a stream for good: its events and snapshots are gone, a tombstone stays, and its id is never used again.
     * Deleting a deleted stream changes nothing.
     *
     * @param stream the stream, archived or not
     * @throws StreamNotFoundException if it was never written
     */
    void delete(StreamId stream);
}
