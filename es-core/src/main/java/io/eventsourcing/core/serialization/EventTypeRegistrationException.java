package io.eventsourcing.core.serialization;

import io.eventsourcing.core.EventSourcingException;

/** A class cannot be registered as an event as it is. Found at start. */
public final class EventTypeRegistrationException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message what is wrong, with which names, with what consequence, and what to do
     */
    public EventTypeRegistrationException(String message) {
        super(message);
    }
}
