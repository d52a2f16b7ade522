package io.eventsourcing.core.command;

import io.eventsourcing.core.EventSourcingException;

/** A command id is known for another command. */
public final class CommandIdReusedException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names both.
     *
     * @param command the command that was not stored
     * @param difference in what the known one differs
     */
    public CommandIdReusedException(NewCommand command, String difference) {
        super("The " + command + " has the id of another command, which differs in its " + difference
                + ". Nothing was written. Send the same command again, or give this one an id of its own.");
    }
}
