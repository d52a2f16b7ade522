package io.eventsourcing.core.saga;

import io.eventsourcing.core.EventSourcingException;

/** A saga cannot be run as it is defined. Nothing was started. */
public final class SagaConfigurationException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong with it.
     *
     * @param message what is wrong, and what to do
     */
    public SagaConfigurationException(String message) {
        super(message);
    }
}
