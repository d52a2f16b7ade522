package io.eventsourcing.core.event;

/** The store cannot be reached or used now. The call wrote nothing. */
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
