package io.eventsourcing.core.subscription;

import io.eventsourcing.core.EventSourcingException;

/** A class with handler methods, or a publisher, cannot be subscribed as it is. */
public final class EventHandlerConfigurationException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which, and why.
     *
     * @param message what is wrong, and what to do
     */
    public EventHandlerConfigurationException(String message) {
        super(message);
    }
}
