package io.eventsourcing.core.event;

/**
 * The store's database refuses the call as it is: a privilege or the schema is missing, or it cannot keep a value. The call
 * wrote nothing, and will be refused again until the cause is mended.
 */
public final class EventStoreRefusedException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * A refusal that the store found itself.
     *
     * @param message what happened and what to do
     */
    public EventStoreRefusedException(String message) {
        super(message);
    }

    /**
     * Keeps the first report.
     *
     * @param message what happened and what to do
     * @param cause the first report
     */
    public EventStoreRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
