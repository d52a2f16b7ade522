package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentLostException;
import io.eventsourcing.core.subscription.SegmentState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How nodes share the segments of their subscriptions. */
abstract class SharingRules extends CheckpointRules {

    /** So often each node renews at most until all have their share: to release, to take, and once more. */
    private static final int ROUNDS = 3;

    SharingRules(Supplier<CheckpointsUnderTest> opener) {
        super(opener);
    }

    @Test
    void aSingleNodeOwnsEverySegment() {
        String name = newSubscription(16);
        ContractNode node = node(name);

        assertThat(node.renew())
                .hasSize(16)
                .allSatisfy(segment -> {
                    assertThat(segment.isSurplus()).isFalse();
                    assertThat(segment.hasParked()).isFalse();
                })
                .extracting(segment -> segment.checkpoint().segment())
                .doesNotHaveDuplicates();
        assertThat(checkpoints.segments(name)).extracting(SegmentState::owner).containsOnly(node.name());
    }

    @Test
    void theFirstOfTwoNodesIsToldToReleaseHalf() {
        String name = newSubscription(16);
        ContractNode first = node(name);
        ContractNode second = node(name);
        assertThat(first.renew()).hasSize(16);

        assertThat(second.renew()).isEmpty();
        List<OwnedSegment> owned = first.renew();

        assertThat(owned).hasSize(16);
        assertThat(owned.stream().filter(OwnedSegment::isSurplus)).hasSize(8);
    }

    @Test
    void theSecondOfTwoNodesTakesWhatTheFirstReleases() {
        String name = newSubscription(16);
        ContractNode first = node(name);
        ContractNode second = node(name);
        assertThat(first.renew()).hasSize(16);
        assertThat(second.renew()).isEmpty();

        List<Checkpoint> kept = first.settle();
        List<OwnedSegment> taken = second.renew();

        assertThat(kept).hasSize(8);
        assertThat(taken).hasSize(8);
        assertThat(taken.stream().filter(OwnedSegment::isSurplus)).isEmpty();
        assertThat(first.own()).isEqualTo(kept);
    }

    @Test
    void aNodeTakesNoMoreThanItsShare() {
        String name = newSubscription(16);
        ContractNode leaver = node(name);
        ContractNode second = node(name);
        ContractNode third = node(name);
        assertThat(leaver.renew()).hasSize(16);
        assertThat(second.renew()).isEmpty();
        assertThat(third.renew()).isEmpty();

        leaver.leave();

        assertThat(second.renew()).hasSize(8).noneMatch(OwnedSegment::isSurplus);
        assertThat(third.renew()).hasSize(8).noneMatch(OwnedSegment::isSurplus);
    }

    @Test
    void oneNodeBecomesFourAndOneAgain() {
        String name = newSubscription(16);
        List<ContractNode> four = Stream.generate(() -> node(name)).limit(4).toList();
        Cluster cluster = new Cluster();

        assertThat(cluster.settle(four.subList(0, 1)).get(0)).hasSize(16);
        assertThat(cluster.settle(four)).allSatisfy(share -> assertThat(share).hasSize(4));
        four.subList(1, 4).forEach(ContractNode::leave);
        assertThat(cluster.settle(four.subList(0, 1)).get(0)).hasSize(16);
    }

    /** As in a rolling deployment: the older node would pass by what only the newer one handles. */
    @Test
    void aNodeLeavesItsSegmentsToOneThatLooksForMoreTypes() {
        String name = newSubscription(4);
        ContractNode older = node(name).lookingFor("a");
        ContractNode newer = node(name).lookingFor("a", "b");
        Checkpoint held = older.own().get(0);

        assertThat(newer.renew()).hasSize(4).noneMatch(OwnedSegment::isSurplus);
        assertThatThrownBy(() -> checkpoints.advance(held, at(10))).isInstanceOf(SegmentLostException.class);
        assertThat(older.renew()).as("as long as the newer one lives").isEmpty();
        assertThat(older.renew()).isEmpty();

        newer.leave();
        assertThat(older.renew()).hasSize(4);
    }

    @Test
    void aNodeThatLooksForAllTypesLooksForMoreThanAnyOther() {
        String name = newSubscription(4);
        ContractNode some = node(name).lookingFor("a");
        assertThat(some.renew()).hasSize(4);

        assertThat(node(name).renew()).hasSize(4);
        assertThat(some.renew()).isEmpty();
    }

    @Test
    void nodesThatLookForTheSameOrForOtherTypesShare() {
        for (String[] types : new String[][] {{"a", "b"}, {"b", "a"}, {"a", "c"}}) {
            String name = newSubscription(4);
            ContractNode first = node(name).lookingFor("a", "b");
            assertThat(first.renew()).hasSize(4);
            ContractNode second = node(name).lookingFor(types);
            assertThat(second.renew()).isEmpty();

            assertThat(first.settle()).hasSize(2);
            assertThat(second.renew()).hasSize(2);
        }
    }

    @Test
    void sharesDifferByOneAtMost() {
        String name = newSubscription(16);
        List<ContractNode> three = Stream.generate(() -> node(name)).limit(3).toList();

        assertThat(new Cluster().settle(three)).extracting(List::size).containsExactlyInAnyOrder(6, 5, 5);
    }

    @Test
    void subscriptionsOfOneSegmentSpreadOverTheNodes() {
        int count = 80;
        String[] names =
                IntStream.range(0, count).mapToObj(i -> newSubscription(1)).toArray(String[]::new);
        List<ContractNode> four = Stream.generate(() -> node(names)).limit(4).toList();

        List<List<Checkpoint>> shares = new Cluster().settle(four);

        assertThat(shares.stream().mapToInt(List::size).sum()).isEqualTo(count);
        assertThat(shares).allSatisfy(share -> assertThat(share).isNotEmpty());
    }

    @Test
    void aNodeOwnsNothingOfASubscriptionThatItDoesNotRun() {
        String name = newSubscription(4);
        ContractNode other = node(newSubscription(2));

        assertThat(other.own())
                .hasSize(2)
                .noneMatch(held -> held.segment().subscription().equals(name));
        assertThat(node(name).renew()).hasSize(4).noneMatch(OwnedSegment::isSurplus);
    }

    @Test
    void aNodeOwnsSegmentsOfEachSubscriptionThatItRuns() {
        String one = newSubscription(3);
        String two = newSubscription(2);

        assertThat(node(one, two, newName()).own())
                .extracting(held -> held.segment().subscription())
                .containsExactlyInAnyOrder(one, one, one, two, two);
    }

    /** Nodes that renew in turn. A segment never has two owners, and its token only grows. */
    private static final class Cluster {

        private final Map<SegmentId, Checkpoint> latest = new HashMap<>();

        /** What each node owns in the end. */
        List<List<Checkpoint>> settle(List<ContractNode> nodes) {
            List<List<Checkpoint>> shares = List.of();
            for (int round = 0; round < ROUNDS; round++) {
                shares = nodes.stream().map(ContractNode::settle).toList();
                check(shares);
            }
            return shares;
        }

        private void check(List<List<Checkpoint>> shares) {
            Set<SegmentId> owned = new HashSet<>();
            shares.stream().flatMap(List::stream).forEach(held -> {
                assertThat(owned.add(held.segment()))
                        .as("only one owner of segment %s", held.segment())
                        .isTrue();
                Checkpoint before = latest.put(held.segment(), held);
                if (before != null) {
                    assertThat(held.token()).isGreaterThanOrEqualTo(before.token());
                }
            });
        }
    }
}
