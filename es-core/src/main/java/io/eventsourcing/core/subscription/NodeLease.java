package io.eventsourcing.core.subscription;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
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
    private final LongSupplier nanos;

    /** By this node's clock, and from before the renewal was sent: it ends here before it ends in the store. */
    private volatile long validUntil;

    /** Since somebody wants it; before the first renewal is sent, which may never be answered. */
    private final Activity wanted;

    /** Guarded by this, as is what follows. */
    private boolean isHeld;

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
        this(checkpoints, settings, onNewTokens, System::nanoTime);
    }

    NodeLease(CheckpointPort checkpoints, SubscriptionSettings settings, Runnable onNewTokens, LongSupplier nanos) {
        this.checkpoints = checkpoints;
        this.settings = settings;
        this.onNewTokens = onNewTokens;
        this.nanos = nanos;
        this.validUntil = nanos.getAsLong();
        this.wanted = new Activity(nanos);
    }

    /** Whether this node may still own segments. */
    boolean isValid() {
        return nanos.getAsLong() - validUntil < 0;
    }

    /** Whether the last renewal is too long ago, or the first one takes too long. */
    boolean isOverdue() {
        Duration since = wanted.lasting();
        return since != null && since.compareTo(settings.lease()) > 0 && !isValid();
    }

    /**
     * Renews the lease, and tells each subscription what it owns. If there is none any more, the lease is given up. Reports what goes
     * wrong, and throws nothing.
     */
    void renew(Collection<RunningSubscription> subscriptions) {
        if (subscriptions.isEmpty()) {
            wanted.ends();
        } else if (wanted.lasting() == null) {
            wanted.begins();
        }
        renewOneAtATime(subscriptions);
    }

    private synchronized void renewOneAtATime(Collection<RunningSubscription> subscriptions) {
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
                subscriptions.forEach(RunningSubscription::leaseRecovered);
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
        Map<String, Set<String>> taking = new HashMap<>();
        Set<String> leaving = new HashSet<>();
        for (RunningSubscription each : subscriptions) {
            if (!each.isLeaving()) {
                taking.put(
                        each.subscription().name(), each.subscription().filter().eventTypes());
            } else if (each.ownsSegments()) {
                leaving.add(each.subscription().name());
            }
        }
        Lease lease = new Lease(node, settings.nodeName(), taking, leaving, settings.lease());
        long sentAt = nanos.getAsLong();
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
            subscriptions.forEach(subscription -> subscription.reportLease(e));
        }
    }

    private void leave() {
        checkpoints.leave(node);
        validUntil = nanos.getAsLong();
        isHeld = false;
    }

    /** Gives everything up to the other nodes, for good. */
    synchronized void close() {
        isClosed = true;
        leave();
    }
}
