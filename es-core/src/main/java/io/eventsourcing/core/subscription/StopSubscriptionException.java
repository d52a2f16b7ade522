package io.eventsourcing.core.subscription;

import io.eventsourcing.core.EventSourcingException;

/**
 * Thrown by a handler that cannot go on, whatever the event: something is configured wrongly, and no retry would mend it. The
 * subscription stops on this node, says so in its status, and no event is parked. It goes on where it was when it is started again.
 */
public final class StopSubscriptionException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message what is wrong, and what to do
     */
    public StopSubscriptionException(String message) {
        super(message);
    }

    /**
     * Says what is wrong, and keeps the first report.
     *
     * @param message what is wrong, and what to do
     * @param cause the first report
     */
    public StopSubscriptionException(String message, Throwable cause) {
        super(message, cause);
    }
}
