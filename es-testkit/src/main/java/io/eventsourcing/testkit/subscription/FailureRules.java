package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.core.subscription.SegmentProgress;
import io.eventsourcing.core.subscription.SequencingPolicy;
import io.eventsourcing.core.subscription.StopSubscriptionException;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of events and subscriptions when something fails. */
abstract class FailureRules extends BreakableHandlerRules {

    FailureRules(Function<EventSerialization, SubscriptionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void anEventThatFailsIsTriedAgain(Delivery delivery) {
        AtomicInteger failures = new AtomicInteger();
        append("c-1", 1, 2, 3);
        Node node = node().running(subscription().delivery(delivery).handledBy(SubscriptionHandler.each(event -> {
            if (Handled.number(event) == 2 && failures.getAndIncrement() < 2) {
                throw new IllegalStateException("not yet");
            }
            handled.add(List.of(event));
        })));
        handled.await(() -> handled.numbers().contains(3));
        assertThat(handled.numbers()).containsSubsequence(1, 2, 3);
        assertThat(parked(node)).isEmpty();
    }

    @Test
    void whoNamesTheEventThatFailedIsNotGivenTheOnesBeforeItAgain() {
        append("c-1", 1, 2, 3, 4);
        Node node = node().running(subscription().handledBy(failingAt(3)));
        awaitParked(node, 2);
        assertThat(handled.numbers()).containsExactly(1, 2);
    }

    @Test
    void anErrorThatNoRetryMendsStopsTheSubscriptionAndParksNothing() {
        append("c-1", 1, 2);
        Node node = node().running(subscription().handledBy(batch -> {
            throw new StopSubscriptionException("The table is missing. Create it.");
        }));
        handled.await(() -> node.status().isStopped());
        assertThat(node.status().stoppedBy()).contains("The table is missing.");
        assertThat(parked(node)).isEmpty();
        handled.await(() -> node.segments() == 0);

        node().running(subscription().handledBy(handled.handler()));
        handled.await(2);
        assertThat(handled.numbers()).containsExactly(1, 2);
    }

    /** As in a rolling deployment, whose older nodes would park what the newer ones can handle. */
    @Test
    void aTypeThatANodeDoesNotKnowStopsItThereAndAnotherNodeGoesOn() {
        append("c-1", 1);
        store.events().append(AppendRequest.of(stream("c-1"), ExpectedVersion.any(), new Renamed(2)));
        append("c-1", 3);
        reopen(EventSerialization.of(Counted.class));
        Node older = node().running(subscription().handledBy(handled.handler()));
        handled.await(() -> older.status().isStopped());
        assertThat(older.status().stoppedBy()).contains("subscription-renamed", "not registered");
        assertThat(handled.numbers()).containsExactly(1);
        assertThat(parked(older)).isEmpty();

        reopen(Counted.serialization());
        List<Object> byNewer = new CopyOnWriteArrayList<>();
        node().running(subscription().handledBy(SubscriptionHandler.each(event -> byNewer.add(event.payload()))));
        handled.await(() -> byNewer.size() == 2);
        assertThat(byNewer).containsExactly(new Renamed(2), new Counted(3));
    }

    /** A handler that works is no reason to say that another one, which does not, is well. */
    @Test
    void aSegmentThatIsStuckIsShownHoweverWellTheOthersGo() {
        AtomicBoolean isAway = new AtomicBoolean(true);
        append("stuck", 1);
        Node node = node().running(subscription().handledBy(SubscriptionHandler.each(event -> {
            if (Handled.number(event) == 1 && isAway.get()) {
                throw new EventStoreUnavailableException("away", new IllegalStateException());
            }
            handled.add(List.of(event));
        })));
        handled.await(() -> node.status().problem() != null);
        for (int i = 2; i <= 30; i++) {
            append("c-" + i, i);
        }
        handled.await(
                () -> { // all but those that share its segment
                    assertThat(node.status().problem()).contains("segment", "away");
                    return handled.numbers().size() >= 15;
                });
        assertThat(parked(node)).isEmpty();

        isAway.set(false);
        handled.await(() -> node.status().problem() == null);
        assertThat(handled.numbers()).contains(1);
    }

    @Test
    void theStatusTellsForHowLongABatchHasBeenHandledAndWhereEventsAreParked() {
        CountDownLatch go = new CountDownLatch(1);
        append("c-1", 1);
        Node node = node().running(subscription().handledBy(batch -> {
            go.await();
            throw new IllegalStateException("no");
        }));
        handled.await(() -> node.status().segments().stream()
                .anyMatch(segment ->
                        segment.handlingFor() != null && segment.handlingFor().compareTo(Duration.ofMillis(1)) > 0));
        assertThat(node.status().segments()).noneMatch(SegmentProgress::hasParked);

        go.countDown();
        handled.await(() -> node.status().segments().stream().anyMatch(SegmentProgress::hasParked));
        assertThat(node.status().segments()).allMatch(segment -> segment.handlingFor() == null);
    }

    @Test
    void aClassThatCannotBeLinkedStopsTheSubscription() {
        append("c-1", 1);
        Node node = node().running(subscription().handledBy(SubscriptionHandler.each(event -> {
            throw new NoClassDefFoundError("com/example/Missing");
        })));
        handled.await(() -> node.status().isStopped());
        assertThat(parked(node)).isEmpty();
    }

    @Test
    void aKeyThatCannotBeToldStopsTheSubscription() {
        append("c-1", 1);
        Node node = node().running(subscription()
                .sequencedBy(SequencingPolicy.by("broken", event -> {
                    throw new IllegalStateException("no key");
                }))
                .handledBy(handled.handler()));
        handled.await(() -> node.status().isStopped());
        assertThat(node.status().stoppedBy()).contains("sequencing key");
        assertThat(handled.numbers()).isEmpty();
    }

    @Test
    void aStoreThatIsAwayIsNoEventsFault() {
        AtomicInteger failures = new AtomicInteger();
        append("c-1", 1, 2);
        Node node = node(Duration.ofMillis(300), store.checkpoints())
                .running(subscription().handledBy(batch -> {
                    if (failures.getAndIncrement() < 10) {
                        throw new EventStoreUnavailableException("away", new IllegalStateException());
                    }
                    handled.add(batch);
                }));
        handled.await(() -> handled.numbers().contains(2));
        assertThat(parked(node)).isEmpty();
        assertThat(failures.get()).isGreaterThan(10);
    }

    @Test
    void aBatchWhoseHandlerNamesNoEventIsTakenApart() {
        append("c-1", IntStream.rangeClosed(1, 9).toArray());
        append("c-2", 10);
        Node node = node().running(subscription()
                .sequencedBy(SequencingPolicy.by("parity", event -> "k" + Handled.number(event) % 2))
                .segments(1)
                .handledBy(batch -> {
                    if (batch.stream().anyMatch(event -> Handled.number(event) == 4)) {
                        throw new IllegalStateException("one of them");
                    }
                    handled.add(batch);
                }));
        awaitParked(node, 4);
        handled.await(() -> handled.numbers().contains(9));
        assertThat(parked(node)).extracting(ParkedEvent::key).containsOnly(tenant + "#k0");
        assertThat(handled.numbers()).containsExactly(1, 2, 3, 5, 7, 9);
    }

    /** A pause that is over before the thread has left must not let a second one in: events were lost, and came out of order. */
    @ParameterizedTest
    @EnumSource(Delivery.class)
    void retriesWithoutAPauseLoseNothingAndKeepTheOrder(Delivery delivery) {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        append("c-1", IntStream.rangeClosed(1, 500).toArray());
        node().running(subscription()
                .delivery(delivery)
                .batchSize(1)
                .retry(new RetryPolicy(1_000, Duration.ZERO, Duration.ZERO))
                .handledBy(batch -> {
                    atOnce.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    try {
                        if (calls.incrementAndGet() % 4 != 0) {
                            throw new IllegalStateException("three of four fail");
                        }
                        handled.add(batch);
                    } finally {
                        inside.decrementAndGet();
                    }
                }));
        handled.await(() -> handled.numbers().contains(500));
        assertThat(handled.numbers()).isEqualTo(upTo(500));
        assertThat(atOnce.get()).isEqualTo(1);
    }

    @Test
    void anErrorOfAnyKindIsParkedInTheEnd() {
        append("c-1", 1);
        Node node = node().running(subscription().handledBy(batch -> {
            throw new Error("of any kind");
        }));
        awaitParked(node, 1);
        assertThat(parked(node).get(0).error()).isEqualTo("java.lang.Error: of any kind");
    }
}
