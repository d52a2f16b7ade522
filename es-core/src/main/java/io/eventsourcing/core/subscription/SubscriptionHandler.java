package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.RecordedEvent;
import java.util.List;

/**
 * Handles the events of a subscription.
 *
 * <p>Calls for different segments come from several threads at the same time; those for one sequencing key come one after the other.
 * What it throws makes the batch fail: see {@link Subscription}.
 */
@FunctionalInterface
public interface SubscriptionHandler {

    /**
     * Handles events.
     *
     * @param events in the order of their positions; one or more
     * @throws EventNotHandledException to say which of them failed: those before it are taken as handled
     * @throws StopSubscriptionException if no retry would mend it
     * @throws Exception if they could not be handled
     */
    void handle(List<RecordedEvent> events) throws Exception;

    /** Handles one event. */
    @FunctionalInterface
    interface OneByOne {

        /**
         * Handles an event.
         *
         * @param event the event
         * @throws Exception if it could not be handled
         */
        void handle(RecordedEvent event) throws Exception;
    }

    /**
     * A handler that is called for one event at a time, so that only the one that failed is handled again.
     *
     * @param each handles an event
     * @return the handler
     */
    static SubscriptionHandler each(OneByOne each) {
        return events -> {
            for (RecordedEvent event : events) {
                try {
                    each.handle(event);
                } catch (Throwable e) {
                    throw new EventNotHandledException(event, e);
                }
            }
        };
    }
}
