package io.eventsourcing.core.serialization;

import io.eventsourcing.core.EventSourcingException;

/** Upcasters contradict each other or their own declaration. */
public final class UpcasterConfigurationException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message what is wrong, with which names, with what consequence, and what to do
     */
    public UpcasterConfigurationException(String message) {
        super(message);
    }
}
