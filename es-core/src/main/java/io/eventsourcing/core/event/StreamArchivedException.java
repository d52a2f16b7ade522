package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.StreamId;

/** The stream is archived and accepts no events. Nothing was written. */
public final class StreamArchivedException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    private final transient StreamId stream;

    /**
     * Names the stream.
     *
     * @param stream the stream
     */
    public StreamArchivedException(StreamId stream) {
        super(
                "Stream " + stream
                        + " is archived and accepts no events. Nothing was written. Take it out of the archive first, or append to another stream.");
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
