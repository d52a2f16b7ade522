package io.eventsourcing.core.command;

import io.eventsourcing.core.EventSourcingException;

/** A worker does not hold a command any more. What belonged to the same transaction is not committed. */
public final class CommandLostException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the claim.
     *
     * @param claim what the worker held
     */
    public CommandLostException(Claim claim) {
        super("Command " + claim.id() + " of tenant '" + claim.tenant() + "' is not held by token " + claim.token()
                + " any more, because its lease is over. Nothing was written. Another worker handles it.");
    }
}
