package io.eventsourcing.core.command;

import io.eventsourcing.core.EventSourcingException;

/** Nothing handles a command of this class. It was not stored. */
public final class UnroutableCommandException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the class.
     *
     * @param command the class of the command
     */
    public UnroutableCommandException(Class<?> command) {
        super("Nothing handles commands of the class " + command.getName()
                + ". It was neither handled nor stored. Declare a Decider or a method with @CommandHandler for it.");
    }
}
