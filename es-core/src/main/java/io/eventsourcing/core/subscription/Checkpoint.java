package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;

/**
 * How far a segment has come, as its owner holds it.
 *
 * @param segment the segment
 * @param position everything of the segment up to here is handled; the position of an event, never a bare mark
 * @param token the fencing token: it grows whenever the segment changes hands, and who holds an older one cannot commit
 */
public record Checkpoint(SegmentId segment, GlobalPosition position, long token) {

    /**
     * The same at another position.
     *
     * @param reached how far the segment has come now
     * @return the other checkpoint
     */
    public Checkpoint at(GlobalPosition reached) {
        return new Checkpoint(segment, reached, token);
    }
}
