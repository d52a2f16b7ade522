package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.EventStoreException;

/**
 * The checkpoint of a segment was not moved, because who wanted to move it does not own the segment any more: its lease is over,
 * another node has taken over, or it has moved already. What belonged to the same transaction is rolled back. Nothing is lost: the
 * owner goes on where the checkpoint stands.
 */
public final class SegmentLostException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the segment.
     *
     * @param held the checkpoint as it was held
     */
    public SegmentLostException(Checkpoint held) {
        super("The checkpoint of segment " + held.segment() + " was not moved from position " + held.position()
                + ": token " + held.token()
                + " does not own it any more. What belonged to the same transaction is rolled back, and the owner"
                + " goes on from the checkpoint. Nothing needs to be done.");
    }

    /**
     * For a handler whose work on the segment is over, although the node still owns it.
     *
     * @param message why, and what happens next
     */
    public SegmentLostException(String message) {
        super(message);
    }
}
