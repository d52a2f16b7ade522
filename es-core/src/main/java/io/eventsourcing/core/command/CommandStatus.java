package io.eventsourcing.core.command;

/**
 * Where a stored command stands. Legal steps: pending to consumed (a worker takes it) or failed (cancelled); consumed to processed or
 * failed (handled, its result says how), or back to pending (it is tried again, or its worker is gone). Whoever handles a command that
 * waits in place of a worker takes both steps at once.
 */
public enum CommandStatus {
    /** Stored, and waits until it is due. */
    PENDING,
    /** Taken by a worker. */
    CONSUMED,
    /** Handled with success, for good. */
    PROCESSED,
    /** Over without success, for good; the {@link FailureKind} says why. */
    FAILED;

    /**
     * Whether it is over, and changes no more.
     *
     * @return true if there is a result
     */
    public boolean isFinished() {
        return this == PROCESSED || this == FAILED;
    }
}
