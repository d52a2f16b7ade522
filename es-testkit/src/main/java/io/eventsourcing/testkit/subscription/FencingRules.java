package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Only the owner moves a checkpoint, from where it stands. */
abstract class FencingRules extends CheckpointRules {

    FencingRules(Supplier<CheckpointsUnderTest> opener) {
        super(opener);
    }

    @Test
    void theOwnerMovesTheCheckpointStepByStep() {
        Checkpoint held = onlyOf(node(newSubscription(1)).own());

        Checkpoint first = checkpoints.advance(held, at(10));
        Checkpoint second = checkpoints.advance(first, at(25));

        assertThat(first).isEqualTo(held.at(at(10)));
        assertThat(second).isEqualTo(held.at(at(25)));
        assertThat(position(held.segment())).isEqualTo(at(25));
    }

    @Test
    void anOlderTokenMovesNothing() {
        String name = newSubscription(1);
        ContractNode sleeper = node(name);
        Checkpoint stale = onlyOf(sleeper.own());
        sleeper.expire();
        Checkpoint held = onlyOf(node(name).own());

        assertLost(stale);
        assertThat(checkpoints.advance(held, at(1))).isEqualTo(held.at(at(1)));
        assertLost(stale.at(at(1)));
    }

    @Test
    void aTokenThatWasNeverGivenMovesNothing() {
        Checkpoint held = onlyOf(node(newSubscription(1)).own());

        assertLost(new Checkpoint(held.segment(), held.position(), held.token() + 1));
    }

    @Test
    void aLeaseThatIsOverMovesNothing() {
        ContractNode node = node(newSubscription(1));
        Checkpoint held = onlyOf(node.own());

        node.expire();

        assertLost(held);
    }

    @Test
    void aNodeThatHasLeftMovesNothing() {
        ContractNode node = node(newSubscription(1));
        Checkpoint held = onlyOf(node.own());

        node.leave();

        assertLost(held);
    }

    @Test
    void aReleasedSegmentIsMovedByNobody() {
        Checkpoint held = onlyOf(node(newSubscription(1)).own());

        checkpoints.release(List.of(held));

        assertLost(held);
    }

    @Test
    void nothingIsMovedFromWhereTheCheckpointDoesNotStand() {
        Checkpoint held = checkpoints.advance(onlyOf(node(newSubscription(1)).own()), at(10));

        assertLost(held.at(at(9)));
        assertLost(held.at(at(11)));
    }

    @Test
    void theSameAdvanceCountsOnce() {
        Checkpoint held = onlyOf(node(newSubscription(1)).own());
        assertThat(checkpoints.advance(held, at(10)).position()).isEqualTo(at(10));

        assertLost(held);
    }

    @Test
    void aSegmentThatIsNotKnownIsLost() {
        String name = newSubscription(1);
        Checkpoint held = onlyOf(node(name).own());

        for (SegmentId unknown : List.of(new SegmentId(name, 1), new SegmentId(newName(), 0))) {
            assertThatThrownBy(() -> checkpoints.advance(new Checkpoint(unknown, held.position(), held.token()), at(1)))
                    .hasMessageContaining(unknown.toString());
        }
    }

    @Test
    void advanceAllMovesWhatIsOwnedAndLeavesTheRest() {
        String name = newSubscription(4);
        ContractNode node = node(name);
        List<Checkpoint> owned = node.own();
        assertThat(owned).hasSize(4);
        checkpoints.release(owned.subList(0, 1));
        Checkpoint moved = checkpoints.advance(owned.get(1), at(50));

        List<Checkpoint> advanced = checkpoints.advanceAll(owned, List.of(at(101), at(102), at(103), at(104)));

        assertThat(advanced)
                .containsExactlyInAnyOrder(
                        owned.get(2).at(at(103)), owned.get(3).at(at(104)));
        assertThat(position(owned.get(0).segment())).isEqualTo(owned.get(0).position());
        assertThat(position(owned.get(1).segment())).isEqualTo(moved.position());
        assertThat(position(owned.get(2).segment())).isEqualTo(at(103));
        assertThat(position(owned.get(3).segment())).isEqualTo(at(104));
    }

    @Test
    void advanceAllMovesNothingWhenTheLeaseIsOver() {
        String name = newSubscription(2);
        ContractNode node = node(name);
        List<Checkpoint> owned = node.own();
        node.expire();

        assertThat(checkpoints.advanceAll(owned, List.of(at(5), at(6)))).isEmpty();

        assertThat(checkpoints.segments(name))
                .hasSize(2)
                .extracting(SegmentState::position)
                .containsOnly(at(0));
    }

    @Test
    void anAdvanceWithinATransactionCounts() {
        Checkpoint held = onlyOf(node(newSubscription(1)).own());
        List<Checkpoint> moved = new ArrayList<>();

        checkpoints.inTransaction(() -> moved.add(checkpoints.advance(held, at(10))));

        assertThat(position(held.segment())).isEqualTo(at(10));
        assertThat(checkpoints.advance(moved.get(0), at(11)).position()).isEqualTo(at(11));
    }

    @Test
    void anErrorWithinATransactionReachesTheCaller() {
        Checkpoint held = onlyOf(node(newSubscription(1)).own());
        IllegalStateException error = new IllegalStateException("the handler failed");

        assertThatThrownBy(() -> checkpoints.inTransaction(() -> {
                    throw error;
                }))
                .isSameAs(error);
        assertThat(checkpoints.advance(held, at(1)).position()).isEqualTo(at(1));
    }
}
