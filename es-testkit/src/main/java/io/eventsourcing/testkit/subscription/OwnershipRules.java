package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.OwnedSegment;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How a segment changes hands. */
abstract class OwnershipRules extends CheckpointRules {

    OwnershipRules(Supplier<CheckpointsUnderTest> opener) {
        super(opener);
    }

    @Test
    void aRenewalKeepsSegmentsAndTokens() {
        ContractNode node = node(newSubscription(4));
        List<Checkpoint> owned = node.own();

        assertThat(owned).hasSize(4);
        assertThat(node.own()).isEqualTo(owned);
    }

    @Test
    void aRenewalTellsHowFarTheSegmentHasCome() {
        ContractNode node = node(newSubscription(1));
        Checkpoint moved = checkpoints.advance(onlyOf(node.own()), at(12));

        assertThat(onlyOf(node.own())).isEqualTo(moved);
    }

    @Test
    void theSegmentsOfANodeThatLeavesAreFreeAtOnce() {
        String name = newSubscription(1);
        ContractNode leaver = node(name);
        Checkpoint before = onlyOf(leaver.own());

        leaver.leave();
        assertThat(state(before.segment()).owner()).isNull();

        ContractNode successor = node(name);
        Checkpoint after = onlyOf(successor.own());
        assertThat(after.token()).isGreaterThan(before.token());
        assertThat(state(before.segment()).owner()).isEqualTo(successor.name());
    }

    @Test
    void anotherNodeTakesOverWhenALeaseIsOver() {
        String name = newSubscription(1);
        ContractNode sleeper = node(name);
        Checkpoint before = checkpoints.advance(onlyOf(sleeper.own()), at(5));

        sleeper.expire();
        assertThat(state(before.segment()).owner()).isNull();

        Checkpoint after = onlyOf(node(name).own());
        assertThat(after.token()).isGreaterThan(before.token());
        assertThat(after.position()).isEqualTo(at(5));
        assertThat(sleeper.own()).isEmpty();
    }

    @Test
    void nobodyTakesOverWhileALeaseLasts() {
        String name = newSubscription(1);
        Checkpoint held = onlyOf(node(name).own());

        for (int i = 0; i < 5; i++) {
            assertThat(node(name).own()).isEmpty();
        }
        assertThat(checkpoints.advance(held, at(3)).position()).isEqualTo(at(3));
        assertThat(position(held.segment())).isEqualTo(at(3));
    }

    @Test
    void aLeaseThatWasOverBeginsAnewWithNewTokens() {
        ContractNode node = node(newSubscription(3));
        List<Checkpoint> before = node.own();

        node.expire();
        List<Checkpoint> after = node.own();

        assertThat(before).hasSize(3);
        assertThat(after).hasSize(3).noneMatch(before::contains);
        for (Checkpoint old : before) {
            assertThat(after)
                    .filteredOn(held -> held.segment().equals(old.segment()))
                    .allMatch(held -> held.token() > old.token());
            assertLost(old);
        }
    }

    @Test
    void aReleasedSegmentKeepsThePositionThatWasReached() {
        String name = newSubscription(1);
        ContractNode node = node(name);
        Checkpoint held = onlyOf(node.own());

        checkpoints.release(List.of(held.at(at(20))));

        assertThat(position(held.segment())).isEqualTo(at(20));
        assertThat(state(held.segment()).owner()).isNull();
        Checkpoint again = onlyOf(node.own());
        assertThat(again.position()).isEqualTo(at(20));
        assertThat(again.token()).isGreaterThan(held.token());
    }

    @Test
    void aReleaseNeverMovesTheCheckpointBack() {
        ContractNode node = node(newSubscription(1));
        Checkpoint held = onlyOf(node.own());
        assertThat(checkpoints.advance(held, at(30)).position()).isEqualTo(at(30));

        checkpoints.release(List.of(held));

        assertThat(position(held.segment())).isEqualTo(at(30));
        assertThat(state(held.segment()).owner()).isNull();
    }

    @Test
    void aReleaseLeavesWhatIsNotOwnedAnyMoreAlone() {
        String name = newSubscription(1);
        ContractNode sleeper = node(name);
        Checkpoint stale = onlyOf(sleeper.own());
        sleeper.expire();
        ContractNode successor = node(name);
        Checkpoint held = onlyOf(successor.own());

        checkpoints.release(List.of(stale.at(at(99))));

        assertThat(onlyOf(successor.own())).isEqualTo(held);
        assertThat(position(held.segment())).isEqualTo(held.position());
    }

    @Test
    void aReleaseAfterTheLeaseWasOverMovesNothing() {
        ContractNode sleeper = node(newSubscription(1));
        Checkpoint stale = onlyOf(sleeper.own());
        sleeper.expire();

        checkpoints.release(List.of(stale.at(at(99))));

        assertThat(position(stale.segment())).isEqualTo(stale.position());
    }

    @Test
    void aNodeThatIsLeavingKeepsWhatItOwnsAndTakesNoMore() {
        String name = newSubscription(4);
        ContractNode leaver = node(name);
        List<Checkpoint> held = leaver.own();
        checkpoints.release(held.subList(0, 1));

        List<OwnedSegment> leaving = leaver.renewLeaving();

        assertThat(leaving).extracting(OwnedSegment::checkpoint).containsExactlyElementsOf(held.subList(1, 4));
        assertThat(leaving).allMatch(OwnedSegment::isSurplus);
        assertThat(checkpoints.advance(held.get(3), at(7)).position()).isEqualTo(at(7));
    }

    @Test
    void theOthersShareWithoutANodeThatIsLeaving() {
        String name = newSubscription(4);
        ContractNode leaver = node(name);
        List<Checkpoint> held = leaver.own();
        leaver.renewLeaving();

        ContractNode successor = node(name);
        assertThat(successor.own()).isEmpty();
        checkpoints.release(held);

        assertThat(successor.own()).hasSize(4);
    }

    @Test
    void whatANodeDoesNotRunAnyMoreIsFree() {
        String name = newSubscription(2);
        ContractNode node = node(name);
        Checkpoint stale = node.own().get(1);

        assertThat(node.renewNothing()).isEmpty();

        assertLost(stale);
        assertThat(node(name).own()).hasSize(2);
    }
}
