package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.core.subscription.Sequencing;
import io.eventsourcing.core.subscription.SubscriptionMismatchException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Making subscriptions known. */
abstract class RegistrationRules extends CheckpointRules {

    private static final int THREADS = 4;

    RegistrationRules(Supplier<CheckpointsUnderTest> opener) {
        super(opener);
    }

    @Test
    void startsEverySegmentWhereItIsTold() {
        String name = newName();
        checkpoints.register(name, by(3), () -> at(42));

        List<SegmentState> segments = checkpoints.segments(name);
        assertThat(segments)
                .extracting(segment -> segment.segment().toString())
                .containsExactly(name + "/0", name + "/1", name + "/2");
        assertThat(segments).allSatisfy(segment -> {
            assertThat(segment.position()).isEqualTo(at(42));
            assertThat(segment.owner()).isNull();
            assertThat(segment.parked()).isZero();
        });
    }

    @Test
    void doesNotAskForTheStartOfAKnownSubscription() {
        String name = newSubscription(2);
        checkpoints.register(name, by(2), RegistrationRules::notAskedFor);

        assertThat(checkpoints.segments(name))
                .extracting(SegmentState::position)
                .containsExactly(GlobalPosition.START, GlobalPosition.START);
    }

    @Test
    void doesNotKnowASubscriptionWhoseStartCouldNotBeTold() {
        String name = newName();
        assertThatThrownBy(() -> checkpoints.register(name, by(2), () -> {
                    throw new IllegalStateException("no start");
                }))
                .hasMessageContaining("no start");
        assertThat(checkpoints.segments(name)).isEmpty();

        checkpoints.register(name, by(2), () -> at(7));
        assertThat(checkpoints.segments(name)).hasSize(2);
    }

    @Test
    void rejectsAnotherNumberOfSegments() {
        assertMismatch(newSubscription(4), by(5), "5 segments", "4 segments");
    }

    @Test
    void rejectsAnotherPolicy() {
        assertMismatch(newSubscription(4), new Sequencing(4, "per-tag"), "'per-tag'", "'per-stream'");
    }

    private void assertMismatch(String name, Sequencing wanted, String here, String stored) {
        List<SegmentState> before = checkpoints.segments(name);
        assertThatThrownBy(() -> checkpoints.register(name, wanted, RegistrationRules::notAskedFor))
                .isInstanceOf(SubscriptionMismatchException.class)
                .hasMessageContainingAll(name, here, stored);
        assertThat(checkpoints.segments(name)).isEqualTo(before);
    }

    @Test
    void leavesTheCheckpointsOfAKnownSubscriptionWhereTheyAre() {
        String name = newSubscription(1);
        ContractNode node = node(name);
        Checkpoint moved = checkpoints.advance(onlyOf(node.own()), at(9));

        checkpoints.register(name, by(1), () -> at(1));

        assertThat(onlyOf(node.own())).isEqualTo(moved);
        assertThat(position(moved.segment())).isEqualTo(at(9));
    }

    @Test
    void agreesOnOneStartWhenSeveralRegisterAtOnce() {
        String name = newName();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<CompletableFuture<Void>> registrations = IntStream.rangeClosed(1, THREADS)
                    .mapToObj(start -> CompletableFuture.runAsync(
                            () -> checkpoints.register(name, by(8), () -> at(start)), threads))
                    .toList();
            registrations.forEach(CompletableFuture::join);
        } finally {
            threads.shutdownNow();
        }
        List<SegmentState> segments = checkpoints.segments(name);
        assertThat(segments).hasSize(8);
        assertThat(segments)
                .extracting(SegmentState::position)
                .containsOnly(segments.get(0).position());
    }

    private static GlobalPosition notAskedFor() {
        throw new AssertionError("The start of a known subscription was asked for.");
    }
}
