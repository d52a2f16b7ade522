package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.EventSourcingException;

/** A row of a read model could not be written or read as it was asked for. The message holds no value of a row besides its id. */
public final class ReadModelException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what happened.
     *
     * @param message what happened, with which values, with what consequence, and what to do
     */
    public ReadModelException(String message) {
        super(message);
    }

    /**
     * Says what happened, where something else reported it first.
     *
     * @param message what happened, with which values, with what consequence, and what to do
     * @param cause the first report
     */
    public ReadModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
