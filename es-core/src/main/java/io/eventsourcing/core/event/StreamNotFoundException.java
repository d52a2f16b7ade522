package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.StreamId;

/** The stream was never written. */
public final class StreamNotFoundException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    private final transient StreamId stream;

    /**
     * Names the stream.
     *
     * @param stream the stream
     */
    public StreamNotFoundException(StreamId stream) {
        super(
                "Stream " + stream
                        + " was never written, so there is nothing to archive or delete. Nothing was changed. Check the tenant, the type and the id.");
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
