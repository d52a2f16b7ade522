package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.EventSourcingException;

/** A class cannot be a read model as it is. */
public final class ReadModelConfigurationException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which, and why.
     *
     * @param message what is wrong, and what to do
     */
    public ReadModelConfigurationException(String message) {
        super(message);
    }
}
