package io.eventsourcing.projection;

import io.eventsourcing.core.EventSourcingException;

/** A projection cannot run as it is. */
public final class ProjectionConfigurationException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which, and why.
     *
     * @param message what is wrong, and what to do
     */
    public ProjectionConfigurationException(String message) {
        super(message);
    }

    /**
     * Says which, and why, where something else found it.
     *
     * @param message what is wrong, and what to do
     * @param cause what found it
     */
    public ProjectionConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
