package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.Parking;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Listing parked events, and taking them out of their queues. */
abstract class ParkedQueueRules extends ParkedRules {

    ParkedQueueRules(Supplier<CheckpointsUnderTest> opener) {
        super(opener);
    }

    /** A subscription of two segments with six parked events: a at 10, b at 20, and so on, alternating. */
    private String sixParked() {
        String name = newSubscription(2);
        List<Checkpoint> owned = node(name).own();
        assertThat(owned).hasSize(2);
        Checkpoint evens = owned.get(0);
        Checkpoint odds = owned.get(1);
        for (long i = 1; i <= 6; i += 2) {
            odds = parkNow(odds, failed(10 * i, "a"));
            evens = parkNow(evens, failed(10 * (i + 1), i == 1 ? "b" : "c"));
        }
        return name;
    }

    /** The only event of a new subscription, parked. */
    private ParkedEvent oneParked(Parking... more) {
        String name = newSubscription(1);
        Checkpoint held = parkNow(onlyOf(node(name).own()), failed(10, "a"));
        for (Parking parking : more) {
            held = parkNow(held, parking);
        }
        assertThat(parked(name)).hasSize(1 + more.length);
        return parked(name).get(0);
    }

    @Test
    void listsTheEventsOfAllSegmentsInOrder() {
        assertThat(positions(parked(sixParked()))).containsExactly(10L, 20L, 30L, 40L, 50L, 60L);
    }

    @Test
    void listsTheEventsOfAKey() {
        String name = sixParked();

        assertThat(positions(checkpoints.parked(new ParkedQuery(name, "a", at(0), 100))))
                .containsExactly(10L, 30L, 50L);
        assertThat(positions(checkpoints.parked(new ParkedQuery(name, "b", at(0), 100))))
                .containsExactly(20L);
        assertThat(checkpoints.parked(new ParkedQuery(name, "d", at(0), 100))).isEmpty();
    }

    @Test
    void listsTheEventsAfterAPosition() {
        String name = sixParked();

        assertThat(positions(checkpoints.parked(new ParkedQuery(name, null, at(30), 100))))
                .containsExactly(40L, 50L, 60L);
        assertThat(positions(checkpoints.parked(new ParkedQuery(name, "a", at(29), 100))))
                .containsExactly(30L, 50L);
    }

    @Test
    void listsTheFirstEventsUpToTheLimit() {
        String name = sixParked();

        assertThat(positions(checkpoints.parked(new ParkedQuery(name, null, at(10), 2))))
                .containsExactly(20L, 30L);
    }

    @Test
    void listsNoEventsOfOtherSubscriptions() {
        ParkedEvent mine = oneParked();
        ParkedEvent other = oneParked();

        assertThat(parked(mine.segment().subscription())).containsExactly(mine);
        assertThat(parked(other.segment().subscription())).containsExactly(other);
        assertThat(parked(newName())).isEmpty();
    }

    @Test
    void anUnparkedEventWaitsNoMore() {
        ParkedEvent event = oneParked();

        assertThat(unpark(event)).isTrue();

        assertGone(event);
    }

    @Test
    void anEventIsUnparkedOnce() {
        ParkedEvent event = oneParked();

        assertThat(unpark(event)).isTrue();
        assertThat(unpark(event)).isFalse();
    }

    @Test
    void aDiscardedEventWaitsNoMore() {
        ParkedEvent event = oneParked();

        assertThat(checkpoints.discard(event, "The order was cancelled.")).isTrue();

        assertGone(event);
    }

    @Test
    void anEventIsDiscardedOnce() {
        ParkedEvent event = oneParked();

        assertThat(checkpoints.discard(event, "x".repeat(1_000))).isTrue();
        assertThat(checkpoints.discard(event, "again")).isFalse();
    }

    @Test
    void anEventIsEitherUnparkedOrDiscarded() {
        ParkedEvent unparked = oneParked();
        ParkedEvent discarded = oneParked();

        assertThat(unpark(unparked)).isTrue();
        assertThat(checkpoints.discard(unparked, "late")).isFalse();
        assertThat(checkpoints.discard(discarded, "early")).isTrue();
        assertThat(unpark(discarded)).isFalse();
    }

    private void assertGone(ParkedEvent event) {
        assertThat(parked(event.segment().subscription())).isEmpty();
        assertThat(checkpoints.parkedKeys(event.segment())).isEmpty();
        assertThat(state(event.segment()).parked()).isZero();
        assertThat(position(event.segment())).isEqualTo(event.position());
    }

    @Test
    void aKeyIsHeldUpAsLongAsOneOfItsEventsWaits() {
        ParkedEvent first = oneParked(behind(11, "a"), failed(12, "b"));
        assertThat(checkpoints.parkedKeys(first.segment())).containsExactlyInAnyOrder("a", "b");

        assertThat(unpark(first)).isTrue();
        assertThat(checkpoints.parkedKeys(first.segment())).containsExactlyInAnyOrder("a", "b");

        ParkedEvent second = parked(first.segment().subscription()).get(0);
        assertThat(checkpoints.discard(second, "obsolete")).isTrue();
        assertThat(checkpoints.parkedKeys(first.segment())).containsExactly("b");
    }

    @Test
    void anotherFailureIsCountedAndKept() {
        ParkedEvent event = oneParked(behind(11, "a"));

        checkpoints.failedAgain(event, "java.io.IOException: no connection");
        checkpoints.failedAgain(event, "java.io.IOException: still none");

        assertThat(parked(event.segment().subscription()))
                .extracting(ParkedEvent::attempts)
                .containsExactly(3, 0);
        assertThat(parked(event.segment().subscription()))
                .extracting(ParkedEvent::error)
                .containsExactly("java.io.IOException: still none", null);
    }

    @Test
    void aFailureOfAnEventThatIsGoneBringsItNotBack() {
        ParkedEvent unparked = oneParked();
        ParkedEvent discarded = oneParked();
        assertThat(unpark(unparked)).isTrue();
        assertThat(checkpoints.discard(discarded, "obsolete")).isTrue();

        checkpoints.failedAgain(unparked, ERROR);
        checkpoints.failedAgain(discarded, ERROR);

        assertGone(unparked);
        assertGone(discarded);
    }
}
