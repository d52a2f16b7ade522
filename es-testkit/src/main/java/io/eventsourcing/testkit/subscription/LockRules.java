package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.ParkedEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A retry of parked events, in a transaction that has locked their segment, while the owner goes on in another thread.
 *
 * <p>That a call waits cannot be seen but by giving it the time to return. It is given little: a store that does not wait returns
 * at once, and one that does passes however long it takes.
 */
abstract class LockRules extends ParkedRules {

    private static final long LITTLE_MILLIS = 300;
    private static final long LONG_SECONDS = 30;

    private final ExecutorService owner = Executors.newSingleThreadExecutor();

    LockRules(Supplier<CheckpointsUnderTest> opener) {
        super(opener);
    }

    @AfterEach
    void stopTheOwner() {
        owner.shutdownNow();
    }

    @Test
    void parkingWaitsForARetryAndSeesItsOutcome() {
        String name = newSubscription(1);
        Checkpoint held = parkNow(onlyOf(node(name).own()), failed(10, "a"));
        ParkedEvent event = parked(name).get(0);

        Optional<Checkpoint> parked =
                duringRetry(event, () -> checkpoints.park(held, behind(11, "a")), () -> checkpoints.unpark(event));

        assertThat(parked).as("parked behind an empty queue").isEmpty();
        assertThat(position(held.segment())).isEqualTo(at(10));
        assertThat(parked(name)).isEmpty();
    }

    @Test
    void parkingGoesOnAfterARetryInVain() {
        String name = newSubscription(1);
        Checkpoint held = parkNow(onlyOf(node(name).own()), failed(10, "a"));
        ParkedEvent event = parked(name).get(0);

        Optional<Checkpoint> parked = duringRetry(
                event,
                () -> checkpoints.park(held, behind(11, "a")),
                () -> checkpoints.failedAgain(event, "still no stock"));

        assertThat(parked).contains(held.at(at(11)));
        assertThat(parked(name)).extracting(ParkedEvent::attempts).containsExactly(2, 0);
    }

    @Test
    void anAdvanceWaitsForARetry() {
        String name = newSubscription(1);
        Checkpoint held = parkNow(onlyOf(node(name).own()), failed(10, "a"));

        Checkpoint moved = duringRetry(
                parked(name).get(0),
                () -> checkpoints.advance(held, at(11)),
                () -> assertThat(position(held.segment())).isEqualTo(at(10)));

        assertThat(moved).isEqualTo(held.at(at(11)));
        assertThat(position(held.segment())).isEqualTo(at(11));
    }

    @Test
    void aReleaseWaitsForARetry() {
        String name = newSubscription(1);
        Checkpoint held = parkNow(onlyOf(node(name).own()), failed(10, "a"));

        duringRetry(
                parked(name).get(0),
                () -> {
                    checkpoints.release(List.of(held.at(at(11))));
                    return held;
                },
                () -> assertThat(position(held.segment())).isEqualTo(at(10)));

        assertThat(position(held.segment())).isEqualTo(at(11));
    }

    /** Or the notes of all quiet segments of a node would wait for one retry. */
    @Test
    void advancingSeveralWaitsForNobodyAndLeavesTheLockedOneWhereItIs() {
        List<Checkpoint> owned = node(newSubscription(3)).own();
        assertThat(owned).hasSize(3);
        Checkpoint locked = owned.get(1);

        checkpoints.inTransaction(() -> {
            checkpoints.lock(locked.segment());
            assertThat(inOtherThread(() -> checkpoints.advanceAll(owned, List.of(at(10), at(10), at(10)))))
                    .containsExactlyInAnyOrder(
                            owned.get(0).at(at(10)), owned.get(2).at(at(10)));
        });

        assertThat(position(locked.segment())).isEqualTo(locked.position());
        assertThat(checkpoints.advanceAll(List.of(locked), List.of(at(10)))).containsExactly(locked.at(at(10)));
    }

    /** What the owner's call returns that begins after a retry has locked the segment, and before it ends. */
    private <T> T duringRetry(ParkedEvent event, Supplier<T> ownersCall, Runnable retry) {
        CountDownLatch returned = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch locked = new CountDownLatch(1);
        CompletableFuture<T> call = CompletableFuture.supplyAsync(
                () -> {
                    await(locked, LONG_SECONDS, TimeUnit.SECONDS);
                    begun.countDown();
                    T result = ownersCall.get();
                    returned.countDown();
                    return result;
                },
                owner);
        checkpoints.inTransaction(() -> {
            checkpoints.lock(event.segment());
            locked.countDown();
            assertThat(await(begun, LONG_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(await(returned, LITTLE_MILLIS, TimeUnit.MILLISECONDS))
                    .as("the owner's call returned while the segment was locked")
                    .isFalse();
            retry.run();
        });
        return call.orTimeout(LONG_SECONDS, TimeUnit.SECONDS).join();
    }

    @Test
    void anotherSegmentGoesOnMeanwhile() {
        List<Checkpoint> owned = node(newSubscription(2)).own();
        assertThat(owned).hasSize(2);
        Checkpoint other = owned.get(1);

        checkpoints.inTransaction(() -> {
            checkpoints.lock(owned.get(0).segment());
            assertThat(inOtherThread(() -> checkpoints.advance(other, at(10)))).isEqualTo(other.at(at(10)));
        });

        assertThat(position(other.segment())).isEqualTo(at(10));
    }

    @Test
    void anErrorEndsTheLock() {
        Checkpoint held = onlyOf(node(newSubscription(1)).own());

        assertThatThrownBy(() -> checkpoints.inTransaction(() -> {
                    checkpoints.lock(held.segment());
                    throw new IllegalStateException("the retry failed");
                }))
                .hasMessage("the retry failed");

        assertThat(inOtherThread(() -> checkpoints.advance(held, at(10)))).isEqualTo(held.at(at(10)));
        assertThat(position(held.segment())).isEqualTo(at(10));
    }

    private <T> T inOtherThread(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, owner)
                .orTimeout(LONG_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static boolean await(CountDownLatch latch, long time, TimeUnit unit) {
        try {
            return latch.await(time, unit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting.", e);
        }
    }
}
