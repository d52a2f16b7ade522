package io.eventsourcing.core.event;

/**
 * The connection was lost after the append was sent and before it was acknowledged: it may or may not be written. Retrying
 * it with the same event ids is safe and tells.
 */
public final class AppendOutcomeUnknownException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the streams and keeps the first report.
     *
     * @param streams the streams of the append, for the error text
     * @param cause the first report
     */
    public AppendOutcomeUnknownException(String streams, Throwable cause) {
        super(
                "The connection was lost before the append to " + streams
                        + " was acknowledged. It may or may not be written. Retry it with the same event ids:"
                        + " what was written is acknowledged and not written again.",
                cause);
    }
}
