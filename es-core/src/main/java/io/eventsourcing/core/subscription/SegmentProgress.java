package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import org.jspecify.annotations.Nullable;

/**
 * How a segment that this node owns is doing.
 *
 * @param number its number
 * @param position everything up to here is handled or parked
 * @param waiting how many events were read and wait for their handler
 * @param problem the class and message of the error that it cannot get over at the moment; null if there is none
 */
public record SegmentProgress(
        int number,
        GlobalPosition position,
        int waiting,
        @Nullable String problem) {}
