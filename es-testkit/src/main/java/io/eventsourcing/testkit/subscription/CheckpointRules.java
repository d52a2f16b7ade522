package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentLostException;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.core.subscription.Sequencing;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of checkpoints share. Each uses subscriptions and nodes of its own. */
abstract class CheckpointRules {

    private final Supplier<CheckpointsUnderTest> opener;
    private CheckpointsUnderTest opened;

    CheckpointPort checkpoints;

    @SuppressWarnings("NullAway.Init") // opened before each test
    CheckpointRules(Supplier<CheckpointsUnderTest> opener) {
        this.opener = opener;
    }

    @BeforeEach
    void openCheckpoints() {
        opened = opener.get();
        checkpoints = opened.checkpoints();
    }

    static String newName() {
        return "contract-" + UUID.randomUUID();
    }

    static GlobalPosition at(long position) {
        return new GlobalPosition(position);
    }

    static Sequencing by(int segments) {
        return new Sequencing(segments, "per-stream");
    }

    /** A registered subscription that starts before the first event. */
    final String newSubscription(int segments) {
        String name = newName();
        checkpoints.register(name, by(segments), () -> GlobalPosition.START);
        return name;
    }

    final ContractNode node(String... subscriptions) {
        return new ContractNode(opened, Set.of(subscriptions));
    }

    /** The checkpoint of a new subscription with one segment, as the node holds it that owns it. */
    static Checkpoint onlyOf(List<Checkpoint> owned) {
        assertThat(owned).hasSize(1);
        return owned.get(0);
    }

    final GlobalPosition position(SegmentId segment) {
        return state(segment).position();
    }

    final SegmentState state(SegmentId segment) {
        return checkpoints.segments(segment.subscription()).stream()
                .filter(state -> state.segment().equals(segment))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Segment " + segment + " is not known."));
    }

    /** The checkpoint cannot be moved, and trying so changes nothing. */
    final void assertLost(Checkpoint held) {
        SegmentState before = state(held.segment());
        assertThatThrownBy(() -> checkpoints.advance(held, at(held.position().value() + 1_000)))
                .isInstanceOf(SegmentLostException.class)
                .hasMessageContaining(held.segment().toString());
        assertThat(state(held.segment())).isEqualTo(before);
    }
}
