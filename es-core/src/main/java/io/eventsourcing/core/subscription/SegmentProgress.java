package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a segment that this node owns is doing.
 *
 * @param number its number
 * @param position everything up to here is handled or parked
 * @param waiting how many events were read and wait for their handler
 * @param hasParked whether events of it were parked when the lease was renewed the last time
 * @param handlingFor for how long a thread has been handling the batch that it is at, with its statements; null if none is
 * @param problem the class and message of the error that it cannot get over at the moment; null if there is none
 */
public record SegmentProgress(
        int number,
        GlobalPosition position,
        int waiting,
        boolean hasParked,
        @Nullable Duration handlingFor,
        @Nullable String problem) {}
