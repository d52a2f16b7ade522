package io.eventsourcing.core.event;

/**
 * The store gave up an append that lost against concurrent ones, such as in a deadlock or a lock timeout. Nothing was
 * written, and the surrounding transaction, if any, is lost. Retry the whole transaction.
 */
public final class TransientAppendException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Keeps the first report.
     *
     * @param message what happened and what to do
     * @param cause the first report
     */
    public TransientAppendException(String message, Throwable cause) {
        super(message, cause);
    }
}
