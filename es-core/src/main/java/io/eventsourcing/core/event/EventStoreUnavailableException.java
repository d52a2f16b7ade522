package io.eventsourcing.core.event;

/**
 * The store cannot be reached now, the connection to it was lost, or the server that answers is a standby. An append wrote nothing;
 * archiving, deleting and keeping a snapshot may have happened, and can simply be repeated.
 */
public final class EventStoreUnavailableException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * What the store found itself.
     *
     * @param message what happened and what to do
     */
    public EventStoreUnavailableException(String message) {
        super(message);
    }

    /**
     * Keeps the first report.
     *
     * @param message what happened and what to do
     * @param cause the first report
     */
    public EventStoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
