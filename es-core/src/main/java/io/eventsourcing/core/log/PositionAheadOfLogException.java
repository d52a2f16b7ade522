package io.eventsourcing.core.log;

import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.GlobalPosition;

/**
 * The log was asked for what comes after a position that was never drawn in it: the position belongs to another store, or the log
 * was taken back, by a restore or a failover, and its positions are being drawn again. Nothing was read.
 */
public final class PositionAheadOfLogException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Names both.
     *
     * @param position what was asked for
     * @param lastDrawn the last position drawn
     */
    public PositionAheadOfLogException(GlobalPosition position, GlobalPosition lastDrawn) {
        super("The log was asked for what comes after position " + position + ", but its last position is " + lastDrawn
                + ". Nothing was read. The position is of another store, or this one was restored to an earlier time: find the last"
                + " event that was handled by its id, and continue after it.");
    }

    /**
     * Names the subscription that was to start there.
     *
     * @param subscription its name
     * @param cause names the positions
     */
    public PositionAheadOfLogException(String subscription, PositionAheadOfLogException cause) {
        super(
                "Subscription '" + subscription
                        + "' is new in this store and is to start where its log has not come to, so that it would"
                        + " miss all events up to there. It was not started. Start it after a position of this log, or at a time.",
                cause);
    }
}
