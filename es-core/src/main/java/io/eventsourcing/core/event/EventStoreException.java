package io.eventsourcing.core.event;

import io.eventsourcing.core.EventSourcingException;

/** An event store refused or could not complete a call. */
public abstract class EventStoreException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * An error that the store found.
     *
     * @param message what happened, with which values, with what consequence, and what to do
     */
    protected EventStoreException(String message) {
        super(message);
    }

    /**
     * An error that something below the store reported first.
     *
     * @param message what happened, with which values, with what consequence, and what to do
     * @param cause the first report
     */
    protected EventStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
