package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentLostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Sequences of random operations of three nodes over two subscriptions: a segment has one owner, its token only grows, and only its
 * latest owner moves it.
 */
abstract class RandomCheckpointRules extends CheckpointRules {

    private static final int SEQUENCES = 10;
    private static final int OPERATIONS = 80;
    private static final int NODES = 3;

    RandomCheckpointRules(Supplier<CheckpointsUnderTest> opener) {
        super(opener);
    }

    @Test
    void keepsEverySegmentWithOneOwnerWhateverTheNodesDo() {
        long seed = Long.getLong("es.seed", System.nanoTime());
        System.out.println("Random operations run with -Des.seed=" + seed);
        Random random = new Random(seed);
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            new Sequence(random, seed).run();
        }
    }

    /** One sequence, on subscriptions and nodes of its own, beside a model of who owns what. */
    private final class Sequence {

        private final String large = newSubscription(5);
        private final String small = newSubscription(2);
        private final List<ContractNode> nodes =
                Stream.generate(() -> node(large, small)).limit(NODES).toList();
        private final Set<ContractNode> live = new HashSet<>();
        private final Map<SegmentId, ContractNode> owners = new HashMap<>();
        private final Map<SegmentId, Checkpoint> latest = new HashMap<>();
        /** Every checkpoint that a node was ever given, the lost ones too. */
        private final List<Checkpoint> given = new ArrayList<>();

        private final List<String> history = new ArrayList<>();
        private final Random random;
        private final long seed;

        Sequence(Random random, long seed) {
            this.random = random;
            this.seed = seed;
        }

        void run() {
            for (int operation = 0; operation < OPERATIONS; operation++) {
                runOne(oneOf(nodes));
            }
            for (int round = 0; round < NODES; round++) {
                nodes.forEach(node -> renew(node).stream()
                        .filter(OwnedSegment::isSurplus)
                        .forEach(segment -> release(segment.checkpoint())));
            }
            check(owners.size() == 7, "every segment has an owner, but " + owners);
        }

        private void runOne(ContractNode node) {
            switch (random.nextInt(10)) {
                case 0 -> {
                    history.add("expire " + node);
                    node.expire();
                    forget(node);
                }
                case 1 -> {
                    history.add("leave " + node);
                    node.leave();
                    forget(node);
                }
                case 2, 3 -> releaseOneOf(someCheckpoints());
                case 4, 5, 6 -> renew(node);
                default -> advanceOneOf(someCheckpoints());
            }
        }

        private List<OwnedSegment> renew(ContractNode node) {
            live.add(node);
            List<OwnedSegment> owned = node.renew();
            history.add("renew " + node + " -> " + owned);
            owned.forEach(segment -> checkOwned(node, segment.checkpoint()));
            check(
                    owned.size()
                            == owners.values().stream().filter(node::equals).count(),
                    "the node owns what it has not given up");
            checkShare(owned, large, 5);
            checkShare(owned, small, 2);
            return owned;
        }

        private void checkOwned(ContractNode node, Checkpoint held) {
            SegmentId segment = held.segment();
            Checkpoint before = latest.get(segment);
            ContractNode owner = owners.put(segment, node);
            check(owner == null || owner == node, "one owner of " + segment);
            if (before != null) {
                check(held.position().equals(before.position()), "the position of " + segment + " is kept");
                check(
                        owner == node ? held.token() == before.token() : held.token() > before.token(),
                        "the token of " + segment + " grows when it changes hands, and only then");
            }
            latest.put(segment, held);
            given.add(held);
        }

        private void checkShare(List<OwnedSegment> owned, String subscription, int segments) {
            long kept = owned.stream()
                    .filter(segment ->
                            segment.checkpoint().segment().subscription().equals(subscription) && !segment.isSurplus())
                    .count();
            int most = (segments + live.size() - 1) / live.size();
            check(kept <= most, "at most " + most + " segments of " + subscription + " are kept");
        }

        /** As often the latest checkpoints as any. */
        private List<Checkpoint> someCheckpoints() {
            return random.nextBoolean() ? given : List.copyOf(latest.values());
        }

        private void releaseOneOf(List<Checkpoint> choices) {
            if (!choices.isEmpty()) {
                release(oneOf(choices));
            }
        }

        private void release(Checkpoint held) {
            history.add("release " + held);
            checkpoints.release(List.of(held));
            if (isOwned(held)) {
                owners.remove(held.segment());
            }
            checkPosition(held.segment());
        }

        private void advanceOneOf(List<Checkpoint> choices) {
            if (choices.isEmpty()) {
                return;
            }
            Checkpoint held = oneOf(choices);
            GlobalPosition reached = at(held.position().value() + 1 + random.nextInt(5));
            boolean expected =
                    isOwned(held) && latest(held.segment()).position().equals(held.position());
            history.add("advance " + held + " to " + reached);
            check(moves(held, reached) == expected, expected ? "the owner moves it" : "nobody else moves it");
            if (expected) {
                latest.put(held.segment(), held.at(reached));
                given.add(held.at(reached));
            }
            checkPosition(held.segment());
        }

        private boolean moves(Checkpoint held, GlobalPosition reached) {
            try {
                checkpoints.advance(held, reached);
                return true;
            } catch (SegmentLostException e) {
                return false;
            }
        }

        private boolean isOwned(Checkpoint held) {
            return owners.containsKey(held.segment()) && latest(held.segment()).token() == held.token();
        }

        private Checkpoint latest(SegmentId segment) {
            Checkpoint checkpoint = latest.get(segment);
            if (checkpoint == null) {
                throw new AssertionError("Segment " + segment + " was never owned.");
            }
            return checkpoint;
        }

        private void checkPosition(SegmentId segment) {
            check(position(segment).equals(latest(segment).position()), "the position of " + segment + " is known");
        }

        private void forget(ContractNode node) {
            live.remove(node);
            owners.values().removeIf(node::equals);
        }

        private <T> T oneOf(List<T> choices) {
            return choices.get(random.nextInt(choices.size()));
        }

        private void check(boolean holds, String rule) {
            assertThat(holds)
                    .as("%s; -Des.seed=%d, after%n%s%n", rule, seed, String.join("\n", history))
                    .isTrue();
        }
    }
}
