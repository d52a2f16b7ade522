package io.eventsourcing.core.subscription;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease of this node on the segments of its subscriptions. Thread-safe; one renewal at a time. */
final class NodeLease {

    private static final Logger LOGGER = LoggerFactory.getLogger(NodeLease.class);

    private final UUID node = UUID.randomUUID();
    private final CheckpointPort checkpoints;
    private final SubscriptionSettings settings;
    private final Runnable onNewTokens;

    /** By this node's clock, and from before the renewal was sent: it ends here before it ends in the store. */
    private volatile long validUntil = System.nanoTime();

    private volatile boolean isHeld;

    /** Guarded by this, as is what follows. */
    private boolean isFailing;

    private boolean isClosed;

    /** The tokens of the segments that this node owned after the last renewal. */
    private Map<SegmentId, Long> tokens = Map.of();

    /**
     * Holds nothing yet.
     *
     * @param checkpoints keeps the lease
     * @param settings how long it lasts
     * @param onNewTokens what to do before the node begins to work on segments that it has not owned, or only by an earlier lease
     */
    NodeLease(CheckpointPort checkpoints, SubscriptionSettings settings, Runnable onNewTokens) {
        this.checkpoints = checkpoints;
        this.settings = settings;
        this.onNewTokens = onNewTokens;
    }

    /** Whether this node may still own segments. */
    boolean isValid() {
        return System.nanoTime() - validUntil < 0;
    }

    /** Whether the last renewal is too long ago. */
    boolean isOverdue() {
        return isHeld && !isValid();
    }

    /**
     * Renews the lease, and tells each subscription what it owns. If there is none any more, the lease is given up. Reports what goes
     * wrong, and throws nothing.
     */
    synchronized void renew(Collection<RunningSubscription> subscriptions) {
        if (isClosed) {
            return;
        }
        try {
            if (!subscriptions.isEmpty()) {
                renewFor(List.copyOf(subscriptions));
            } else if (isHeld) {
                leave();
            }
            if (isFailing) {
                isFailing = false;
                LOGGER.info("The lease of this node on its subscriptions is renewed again.");
                subscriptions.forEach(RunningSubscription::recovered);
            }
        } catch (RuntimeException | Error e) { // a timer that throws is never called again
            reportFailure(e, subscriptions);
            if (!isValid()) {
                subscriptions.forEach(RunningSubscription::dropAll);
            }
        }
    }

    private void renewFor(List<RunningSubscription> subscriptions) {
        Map<RunningSubscription, Set<Integer>> missing = new HashMap<>();
        subscriptions.forEach(subscription -> missing.put(subscription, subscription.missing()));
        Set<String> taking = new HashSet<>();
        Set<String> leaving = new HashSet<>();
        for (RunningSubscription each : subscriptions) {
            if (!each.isLeaving()) {
                taking.add(each.subscription().name());
            } else if (each.ownsSegments()) {
                leaving.add(each.subscription().name());
            }
        }
        Lease lease = new Lease(node, settings.nodeName(), taking, leaving, settings.lease());
        long sentAt = System.nanoTime();
        List<OwnedSegment> segments = checkpoints.renew(lease);
        noteTokens(segments);
        Map<String, List<OwnedSegment>> owned = segments.stream()
                .collect(Collectors.groupingBy(
                        segment -> segment.checkpoint().segment().subscription()));
        validUntil = sentAt + settings.lease().toNanos();
        isHeld = true;
        missing.forEach((subscription, numbers) ->
                subscription.owns(owned.getOrDefault(subscription.subscription().name(), List.of()), numbers));
    }

    private void noteTokens(List<OwnedSegment> segments) {
        Map<SegmentId, Long> now = segments.stream()
                .map(OwnedSegment::checkpoint)
                .collect(Collectors.toMap(Checkpoint::segment, Checkpoint::token));
        if (!tokens.entrySet().containsAll(now.entrySet())) {
            onNewTokens.run();
        }
        tokens = now;
    }

    private void reportFailure(Throwable e, Collection<RunningSubscription> subscriptions) {
        if (!isFailing) {
            isFailing = true;
            LOGGER.warn(
                    "The lease of this node on its subscriptions could not be renewed. If this lasts, other nodes take them over. It is"
                            + " tried again until it can.",
                    e);
            subscriptions.forEach(subscription -> subscription.report(e));
        }
    }

    private void leave() {
        checkpoints.leave(node);
        validUntil = System.nanoTime();
        isHeld = false;
    }

    /** Gives everything up to the other nodes, for good. */
    synchronized void close() {
        isClosed = true;
        leave();
    }
}
