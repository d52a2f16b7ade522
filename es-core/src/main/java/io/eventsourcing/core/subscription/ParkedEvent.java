package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.stream.StreamId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits beside its subscription: because its handler failed, or because an earlier one with the same sequencing key
 * waits.
 *
 * @param segment the segment that it belongs to
 * @param key its sequencing key
 * @param position its place in the log
 * @param id its identity
 * @param stream its stream
 * @param attempts how often it was handled in vain; 0 if it waits for an earlier one
 * @param error the class and message of the last error; null if it waits for an earlier one
 * @param parkedAt since when, by the clock of the store
 */
public record ParkedEvent(
        SegmentId segment,
        String key,
        GlobalPosition position,
        EventId id,
        StreamId stream,
        int attempts,
        @Nullable String error,
        Instant parkedAt) {}
