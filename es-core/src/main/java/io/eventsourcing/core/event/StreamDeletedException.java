package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.StreamId;

/** The stream was deleted: its events are gone and its id is never used again. */
public final class StreamDeletedException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    private final transient StreamId stream;

    /**
     * Names the stream.
     *
     * @param stream the stream
     */
    public StreamDeletedException(StreamId stream) {
        super(
                "Stream " + stream
                        + " was deleted. Its events are gone and its id is never used again: nothing was read or written. Use another stream id.");
        this.stream = stream;
    }

    /**
     * The stream.
     *
     * @return its identity
     */
    public StreamId stream() {
        return stream;
    }
}
