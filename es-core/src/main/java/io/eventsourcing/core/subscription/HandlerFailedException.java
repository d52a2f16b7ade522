package io.eventsourcing.core.subscription;

import io.eventsourcing.core.EventSourcingException;

/** Tells what a handler threw, or why its events could not be read, from what the store threw. Never leaves the package. */
final class HandlerFailedException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /** The place in the batch of the event that failed; -1 if it is not known. */
    private final int index;

    HandlerFailedException(int index, Throwable cause) {
        super("A handler failed.", cause);
        this.index = index;
    }

    int index() {
        return index;
    }
}
