package io.eventsourcing.core.subscription;

import io.eventsourcing.core.EventSourcingException;

/** The handler methods of a class cannot be used as they are. */
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
