package io.eventsourcing.core.command;

import io.eventsourcing.core.EventSourcingException;

/** A command handler, a decider or a command class cannot be used as it is. */
public final class CommandHandlerConfigurationException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message what is wrong, with what consequence, and what to do
     */
    public CommandHandlerConfigurationException(String message) {
        super(message);
    }
}
