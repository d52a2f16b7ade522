package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Lease;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.Sequencing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** A node that runs subscriptions, step by step. */
record SubscriptionNode(CheckpointPort checkpoints, UUID id, Set<String> subscriptions) {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(10);

    /** A node of its own for one subscription. */
    static SubscriptionNode of(CheckpointPort checkpoints, String subscription) {
        return new SubscriptionNode(checkpoints, UUID.randomUUID(), Set.of(subscription));
    }

    /** A name that no other test uses, registered from the beginning. */
    static String newSubscription(CheckpointPort checkpoints, int segments) {
        String name = "subscription-" + UUID.randomUUID();
        checkpoints.register(name, new Sequencing(segments, "by stream"), () -> GlobalPosition.START);
        return name;
    }

    List<OwnedSegment> renew() {
        Map<String, Set<String>> ofAllTypes =
                subscriptions.stream().collect(Collectors.toMap(name -> name, name -> Set.of()));
        return checkpoints.renew(new Lease(id, "node " + id, ofAllTypes, Set.of(), LONG_ENOUGH));
    }

    List<Checkpoint> renewed() {
        return renew().stream().map(OwnedSegment::checkpoint).toList();
    }

    /** What it has less what it was told to release. */
    List<Checkpoint> renewAndReleaseSurplus() {
        List<OwnedSegment> owned = renew();
        checkpoints.release(owned.stream()
                .filter(OwnedSegment::isSurplus)
                .map(OwnedSegment::checkpoint)
                .toList());
        return owned.stream()
                .filter(segment -> !segment.isSurplus())
                .map(OwnedSegment::checkpoint)
                .toList();
    }

    /** Ends its lease at this moment, by the clock of the server. */
    void expire(DataSource dataSource) {
        Sql.texts(
                dataSource,
                "update eventsourcing.lease set expires_at = clock_timestamp() where node = ? returning name",
                id);
    }
}
