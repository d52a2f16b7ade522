package io.eventsourcing.core.command;

import io.eventsourcing.core.EventSourcingException;
import io.eventsourcing.core.command.CommandResult.Rejection;

/** Thrown by deciders and handlers to reject a command; whoever sent it gets the rejection as its result. Without a stack trace. */
public final class CommandRejectedException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    private final transient Rejection rejection;

    /**
     * A final rejection.
     *
     * @param code what programs go by
     * @param message what people read
     */
    public CommandRejectedException(String code, String message) {
        this(Rejection.of(code, message));
    }

    /**
     * Rejects.
     *
     * @param rejection the result
     */
    public CommandRejectedException(Rejection rejection) {
        super(rejection.code() + ": " + rejection.message());
        this.rejection = rejection;
    }

    /**
     * The result.
     *
     * @return the rejection
     */
    public Rejection rejection() {
        return rejection;
    }

    /** Thrown for each command that is rejected, and asked by nobody where it comes from. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
