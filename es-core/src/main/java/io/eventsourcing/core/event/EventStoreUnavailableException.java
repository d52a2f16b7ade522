package io.eventsourcing.core.event;

/**
 * The store cannot be reached now, or the connection to it was lost. An append wrote nothing; archiving, deleting and keeping a
 * snapshot may have happened, and can simply be repeated.
 */
public final class EventStoreUnavailableException extends EventStoreException {

    private static final long serialVersionUID = 1L;

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
