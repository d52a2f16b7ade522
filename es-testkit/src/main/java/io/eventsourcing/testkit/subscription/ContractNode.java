package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Lease;
import io.eventsourcing.core.subscription.OwnedSegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** A node of a test. Its leases last longer than any test. */
final class ContractNode {

    private static final Duration LONG = Duration.ofHours(1);

    private final UUID id = UUID.randomUUID();
    private final CheckpointsUnderTest opened;
    private final Set<String> subscriptions;
    private Set<String> types = Set.of();

    ContractNode(CheckpointsUnderTest opened, Set<String> subscriptions) {
        this.opened = opened;
        this.subscriptions = subscriptions;
    }

    /** From now on it looks for these types of events only. */
    ContractNode lookingFor(String... names) {
        types = Set.of(names);
        return this;
    }

    String name() {
        return "node-" + id;
    }

    /** Asks for segments; answers all that it owns. */
    List<OwnedSegment> renew() {
        return renew(subscriptions, Set.of());
    }

    /** Keeps what it owns, and takes no more; answers all that it owns. */
    List<OwnedSegment> renewLeaving() {
        return renew(Set.of(), subscriptions);
    }

    /** Runs none of its subscriptions any more, and keeps its lease; answers all that it owns. */
    List<OwnedSegment> renewNothing() {
        return renew(Set.of(), Set.of());
    }

    private List<OwnedSegment> renew(Set<String> running, Set<String> leaving) {
        Map<String, Set<String>> lookingFor = running.stream().collect(Collectors.toMap(each -> each, each -> types));
        return checkpoints().renew(new Lease(id, name(), lookingFor, leaving, LONG));
    }

    /** Asks for segments; answers the checkpoints of all that it owns. */
    List<Checkpoint> own() {
        return renew().stream().map(OwnedSegment::checkpoint).toList();
    }

    /** Asks for segments, and gives up what is surplus; answers the checkpoints of what it keeps. */
    List<Checkpoint> settle() {
        List<OwnedSegment> owned = renew();
        checkpoints()
                .release(owned.stream()
                        .filter(OwnedSegment::isSurplus)
                        .map(OwnedSegment::checkpoint)
                        .toList());
        return owned.stream()
                .filter(segment -> !segment.isSurplus())
                .map(OwnedSegment::checkpoint)
                .toList();
    }

    void leave() {
        checkpoints().leave(id);
    }

    /** From now on it is as if the node had not renewed in time. */
    void expire() {
        opened.expireLease().accept(id);
    }

    private CheckpointPort checkpoints() {
        return opened.checkpoints();
    }

    @Override
    public String toString() {
        return name();
    }
}
