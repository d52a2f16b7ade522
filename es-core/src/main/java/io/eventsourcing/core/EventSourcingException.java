package io.eventsourcing.core;

/**
 * The root of the errors that this library reports about streams, events and snapshots. Wrong arguments are
 * {@link IllegalArgumentException}s instead, and missing ones {@link NullPointerException}s. No message holds a payload or a secret.
 */
public abstract class EventSourcingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * An error that was found here.
     *
     * @param message what happened, with which values, with what consequence, and what to do
     */
    protected EventSourcingException(String message) {
        super(message);
    }

    /**
     * An error that something else reported first.
     *
     * @param message what happened, with which values, with what consequence, and what to do
     * @param cause the first report
     */
    protected EventSourcingException(String message, Throwable cause) {
        super(message, cause);
    }
}
