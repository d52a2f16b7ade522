package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import org.jspecify.annotations.Nullable;

/**
 * A segment as the store knows it, whoever owns it.
 *
 * @param segment the segment
 * @param position how far it has come; a quiet segment may be further than it has noted
 * @param owner the name of the node that owns it; null if none does
 * @param parked how many of its events are parked
 */
public record SegmentState(
        SegmentId segment,
        GlobalPosition position,
        @Nullable String owner,
        long parked) {}
