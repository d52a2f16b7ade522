package io.eventsourcing.core.event;

/**
 * The store gave up a call that would probably succeed now: it lost against concurrent ones in a deadlock or a lock timeout, or
 * took longer than it was allowed to. Nothing was written, and the surrounding transaction, if any, is lost. Retry the whole
 * transaction.
 */
public final class TransientStoreException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Keeps the first report.
     *
     * @param message what happened and what to do
     * @param cause the first report
     */
    public TransientStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
