package io.eventsourcing.core.subscription;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a subscription is doing on this node.
 *
 * @param name its name
 * @param segments the segments that this node owns, by number; other nodes may own others
 * @param problem why it cannot read or write at the moment; null if it can
 * @param stoppedBy why it has stopped for good on this node; null if it has not
 */
public record SubscriptionStatus(
        String name,
        List<SegmentProgress> segments,
        @Nullable String problem,
        @Nullable String stoppedBy) {

    /** Copies the segments. */
    public SubscriptionStatus {
        segments = List.copyOf(segments);
    }

    /**
     * Whether it has stopped because of an error that no retry mends.
     *
     * @return true if it has to be started again
     */
    public boolean isStopped() {
        return stoppedBy != null;
    }
}
