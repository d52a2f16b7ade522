package io.eventsourcing.core.log;

import io.eventsourcing.core.event.GlobalPosition;
import java.util.Optional;

/**
 * How far the log may be read: nothing at or below this position is in flight any more.
 *
 * @param position the mark
 * @param lastDrawn the last position that was drawn, of an event that may not be committed yet
 * @param heldBackBy the oldest append in flight, if the mark waits for one
 */
public record HighWaterMark(GlobalPosition position, GlobalPosition lastDrawn, Optional<AppendInFlight> heldBackBy) {

    /**
     * How many positions the mark is behind the last one drawn.
     *
     * @return the distance; 0 if nothing holds it back
     */
    public long lag() {
        return Math.max(0, lastDrawn.value() - position.value());
    }
}
