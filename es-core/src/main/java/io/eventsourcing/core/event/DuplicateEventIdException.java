package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.StreamId;

/**
 * An event id is recorded already, but not by an earlier attempt of the same append: in another stream, in another order,
 * as another type, or together with other events. Nothing was written.
 */
public final class DuplicateEventIdException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the stream and the id.
     *
     * @param stream the stream of the append
     * @param detail what was found, starting with the event id
     */
    public DuplicateEventIdException(StreamId stream, String detail) {
        super(
                "The append to stream " + stream + " reuses an event id: " + detail
                        + ". No events were written. Retry an append with exactly its first events, and give new events new ids.");
    }
}
