package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.UnknownEventTypeException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedEvents;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.core.subscription.RetryResult;
import io.eventsourcing.core.subscription.SequencingPolicy;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.StopSubscriptionException;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import io.eventsourcing.core.subscription.SubscriptionMismatchException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when a handler fails. */
abstract class FailureRules extends SubscriptionRules {

    private final AtomicBoolean isBroken = new AtomicBoolean(true);

    FailureRules(Function<EventSerialization, SubscriptionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    /** Fails at one number for as long as it is broken. */
    private SubscriptionHandler failingAt(int number) {
        return SubscriptionHandler.each(event -> {
            if (Handled.number(event) == number && isBroken.get()) {
                throw new IllegalStateException("number " + number);
            }
            handled.add(List.of(event));
        });
    }

    private List<ParkedEvent> parked(Node node) {
        return node.subscriptions.parked().list(new ParkedQuery(name, null, GlobalPosition.START, 100));
    }

    private void awaitParked(Node node, int count) {
        handled.await(() -> parked(node).size() >= count);
    }

    private String key(String streamId) {
        return tenant + ":counter:" + streamId;
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

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void aPoisonEventParksOnlyItsKeyAndARetryRestoresTheOrder(Delivery delivery) {
        append("poisoned", 1, 2, 3);
        for (int i = 1; i <= 20; i++) {
            append("healthy-" + i, 10 + i);
        }
        Node node = node().running(subscription().delivery(delivery).handledBy(failingAt(2)));
        append("poisoned", 4);

        awaitParked(node, 3);
        handled.await(() -> IntStream.rangeClosed(11, 30).allMatch(handled.numbers()::contains));
        assertThat(handled.numbers("poisoned")).containsOnly(1);
        assertThat(parked(node)).extracting(ParkedEvent::key).containsOnly(key("poisoned"));
        ParkedEvent first = parked(node).get(0);
        assertThat(first.attempts()).isEqualTo(3);
        assertThat(first.error()).isEqualTo("java.lang.IllegalStateException: number 2");
        assertThat(parked(node).get(1).error()).isNull();

        ParkedEvents events = node.subscriptions.parked();
        RetryResult inVain = events.retry(name, key("poisoned"));
        assertThat(inVain.handled()).isZero();
        assertThat(inVain.failed().orElseThrow().attempts()).isEqualTo(4);
        assertThat(parked(node)).hasSize(3);
        assertThat(parked(node).get(0).attempts()).isEqualTo(4);

        isBroken.set(false);
        assertThat(events.retry(name, key("poisoned")).handled()).isEqualTo(3);
        append("poisoned", 5);
        handled.await(() -> handled.numbers("poisoned").contains(5));
        assertThat(handled.numbers("poisoned")).endsWith(2, 3, 4, 5);
        assertThat(parked(node)).isEmpty();
    }

    @Test
    void aSegmentMovesOnWhileAnEffectOutsideIsRetried() {
        CountDownLatch isRetried = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        append("c-1", 1);
        Node node = node().running(subscription().segments(1).handledBy(batch -> {
            failingAt(1).handle(batch);
            if (Handled.number(batch.get(0)) == 1) {
                isRetried.countDown();
                go.await();
            }
        }));
        awaitParked(node, 1);
        isBroken.set(false);
        CompletableFuture<RetryResult> retry =
                CompletableFuture.supplyAsync(() -> node.subscriptions.parked().retry(name, key("c-1")));
        handled.await(() -> isRetried.getCount() == 0);
        try {
            assertThatThrownBy(() -> node.subscriptions.parked().retry(name, key("c-1")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("are being retried on this node already");
            GlobalPosition later = append("c-2", 2).positions().get(0);
            handled.await(
                    () -> store.checkpoints().segments(name).get(0).position().compareTo(later) >= 0);
        } finally {
            go.countDown();
        }
        assertThat(retry.join().handled()).isEqualTo(1);
        assertThat(parked(node)).isEmpty();
    }

    @Test
    void aDiscardedEventIsNeverHandledAndTheOthersCanBeRetried() {
        append("c-1", 1, 2, 3);
        Node node = node().running(subscription().handledBy(failingAt(2)));
        awaitParked(node, 2);
        ParkedEvents events = node.subscriptions.parked();

        ParkedEvent poison = parked(node).get(0);
        assertThatThrownBy(() -> events.discard(poison, " ")).isInstanceOf(IllegalArgumentException.class);
        assertThat(events.discard(poison, "written by a test")).isTrue();
        assertThat(events.discard(poison, "again")).isFalse();
        assertThat(events.retry(name, key("c-1")).isComplete()).isTrue();
        append("c-1", 4);
        handled.await(3);
        assertThat(handled.numbers()).containsExactly(1, 3, 4);
    }

    @Test
    void parkedEventsStayParkedWhenAnotherNodeTakesOver() {
        append("c-1", 1, 2);
        try (Node first = node()) {
            first.running(subscription().handledBy(failingAt(1)));
            awaitParked(first, 2);
        }
        append("c-1", 3);
        Node second = node().running(subscription().handledBy(failingAt(1)));
        awaitParked(second, 3);
        assertThat(handled.numbers()).isEmpty();
        isBroken.set(false);
        assertThat(second.subscriptions.parked().retry(name, key("c-1")).handled())
                .isEqualTo(3);
        assertThat(handled.numbers()).containsExactly(1, 2, 3);
    }

    @Test
    void anEventThatCannotBeReadIsParkedAndReadWhenItCan() {
        append("c-1", 1);
        store.events().append(AppendRequest.of(stream("c-1"), ExpectedVersion.any(), new Renamed(2)));
        append("c-1", 3);
        reopen(EventSerialization.of(Counted.class));
        try (Node older = node()) {
            older.running(subscription().handledBy(handled.handler()));
            awaitParked(older, 2);
            assertThat(handled.numbers()).containsExactly(1);
            assertThatThrownBy(() ->
                            older.subscriptions.parked().read(parked(older).get(0)))
                    .isInstanceOf(UnknownEventTypeException.class);
        }
        reopen(Counted.serialization());
        AtomicInteger renamed = new AtomicInteger();
        Node newer = node().running(subscription().handledBy(batch -> {
            if (batch.get(0).payload() instanceof Renamed event) {
                renamed.set(event.number());
            } else {
                handled.add(batch);
            }
        }));
        ParkedEvents events = newer.subscriptions.parked();
        assertThat(events.read(parked(newer).get(0)))
                .singleElement()
                .extracting(event -> event.payload())
                .isEqualTo(new Renamed(2));
        assertThat(events.retry(name, key("c-1")).handled()).isEqualTo(2);
        assertThat(renamed.get()).isEqualTo(2);
        assertThat(handled.numbers()).containsExactly(1, 3);
    }

    @Test
    void anEventThatWasDeletedWaitsNoMore() {
        append("c-1", 1, 2);
        Node node = node().running(subscription().handledBy(failingAt(1)));
        awaitParked(node, 2);
        store.events().delete(stream("c-1"));
        assertThat(node.subscriptions.parked().read(parked(node).get(0))).isEmpty();
        assertThat(node.subscriptions.parked().retry(name, key("c-1"))).isEqualTo(new RetryResult(0, Optional.empty()));
        assertThat(parked(node)).isEmpty();
        assertThat(handled.numbers()).isEmpty();
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

    @Test
    void aSubscriptionThatIsDividedDifferentlyIsNotStarted() {
        Node node = node().running(subscription().segments(4).handledBy(handled.handler()));
        node.subscriptions.stop(name);
        assertThatThrownBy(() -> node.running(subscription().segments(8).handledBy(handled.handler())))
                .isInstanceOf(SubscriptionMismatchException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("8 segments")
                .hasMessageContaining("4 segments");
        assertThatThrownBy(() -> node.running(subscription()
                        .segments(4)
                        .sequencedBy(SequencingPolicy.byTag("course"))
                        .handledBy(handled.handler())))
                .isInstanceOf(SubscriptionMismatchException.class);
        node.running(subscription().segments(4).handledBy(handled.handler()));
    }

    @Test
    void aStartThatTheLogHasNotReachedIsRefused() {
        GlobalPosition ahead = new GlobalPosition(store.log().now().value() + 1_000_000);
        assertThatThrownBy(() -> node().running(subscription()
                        .startingAt(StartPosition.after(ahead))
                        .handledBy(handled.handler())))
                .isInstanceOf(PositionAheadOfLogException.class);
        append("c-1", 1);
        node().running(subscription().handledBy(handled.handler()));
        handled.await(1);
    }

    @Test
    void twoSubscriptionsOfOneNameAreRefused() {
        Node node = node().running(subscription().handledBy(handled.handler()));
        assertThatThrownBy(() -> node.running(subscription().handledBy(handled.handler())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(name);
        assertThatThrownBy(() -> node.subscriptions.parked().retry("unknown", "k"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
        append("c-1", 1); // the first one goes on
        handled.await(1);
        assertThat(handled.numbers()).containsExactly(1);
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
