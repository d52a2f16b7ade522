package io.eventsourcing.core.command;

import io.eventsourcing.core.EventSourcingException;

/** A method with {@link CommandHandler} threw a checked exception. Nothing was written. */
public final class CommandHandlerFailedException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the method.
     *
     * @param method the method
     * @param cause what it threw
     */
    public CommandHandlerFailedException(String method, Throwable cause) {
        super(method + " failed. What it wrote is undone. See the cause.", cause);
    }
}
