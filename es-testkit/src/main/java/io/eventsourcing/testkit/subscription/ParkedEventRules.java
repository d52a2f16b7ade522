package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.serialization.EventNotReadableException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.serialization.TypedPayload;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedEvents;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.RetryResult;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is set aside, and what comes back. */
abstract class ParkedEventRules extends BreakableHandlerRules {

    ParkedEventRules(Function<EventSerialization, SubscriptionsUnderTest> opener, Duration patience) {
        super(opener, patience);
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

    /** The type of {@link Renamed}, as somebody wrote it who did not keep to it. */
    @EventType("subscription-renamed")
    private record Misread(String number) {}

    @Test
    void anEventThatCannotBeReadIsParkedAndReadWhenItCan() {
        append("c-1", 1);
        reopen(EventSerialization.of(Counted.class, Misread.class));
        store.events().append(AppendRequest.of(stream("c-1"), ExpectedVersion.any(), new Misread("two")));
        append("c-1", 3);
        reopen(Counted.serialization());
        try (Node older = node()) {
            older.running(subscription().handledBy(handled.handler()));
            awaitParked(older, 2);
            assertThat(handled.numbers()).containsExactly(1);
            assertThatThrownBy(() ->
                            older.subscriptions.parked().read(parked(older).get(0)))
                    .isInstanceOf(EventNotReadableException.class);
        }
        reopen(EventSerialization.of(Counted.class, Misread.class));
        List<Object> misread = new CopyOnWriteArrayList<>();
        Node newer = node().running(subscription().handledBy(batch -> {
            if (batch.get(0).payload() instanceof Misread event) {
                misread.add(event);
            } else {
                handled.add(batch);
            }
        }));
        ParkedEvents events = newer.subscriptions.parked();
        assertThat(events.read(parked(newer).get(0)))
                .singleElement()
                .extracting(event -> event.payload())
                .isEqualTo(new Misread("two"));
        assertThat(events.retry(name, key("c-1")).handled()).isEqualTo(2);
        assertThat(misread).containsExactly(new Misread("two"));
        assertThat(handled.numbers()).containsExactly(1, 3);
    }

    /** As when the upcaster is newer than the parking. */
    @Test
    void aRetryHandsOverNoEventsOfTypesThatTheSubscriptionDoesNotLookFor() {
        append("c-1", 1);
        try (Node older = node()) {
            older.running(subscription().handledBy(failingAt(1)));
            awaitParked(older, 1);
        }
        isBroken.set(false);
        VersionedType counted = new VersionedType("subscription-counted", 2);
        VersionedType renamed = new VersionedType("subscription-renamed", 1);
        reopen(EventSerialization.builder(EventTypes.of(CountedTwice.class, Renamed.class))
                .upcasters(List.of(Upcaster.split(
                        new VersionedType("subscription-counted", 1),
                        Set.of(counted, renamed),
                        json -> List.of(new TypedPayload(counted, json), new TypedPayload(renamed, json)))))
                .build());
        List<Object> payloads = new CopyOnWriteArrayList<>();
        Node newer = node().running(subscription()
                .filter(LogFilter.ALL.ofTenant(tenant).ofTypes(List.of("subscription-counted")))
                .handledBy(SubscriptionHandler.each(event -> payloads.add(event.payload()))));

        assertThat(newer.subscriptions.parked().retry(name, key("c-1")).handled())
                .isEqualTo(1);
        assertThat(payloads).containsExactly(new CountedTwice(1));
    }

    /** As on an older node of a rolling deployment: it would be handled by nobody. */
    @Test
    void anEventThatTheSubscriptionDoesNotLookForHereWaitsStill() {
        store.events().append(AppendRequest.of(stream("c-1"), ExpectedVersion.any(), new Renamed(1)));
        try (Node newer = node()) {
            newer.running(subscription().handledBy(batch -> {
                throw new IllegalStateException("no");
            }));
            awaitParked(newer, 1);
        }
        Node older = node().running(subscription()
                .filter(LogFilter.ALL.ofTenant(tenant).ofTypes(List.of("subscription-counted")))
                .handledBy(handled.handler()));

        assertThatThrownBy(() -> older.subscriptions.parked().retry(name, key("c-1")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("subscription-renamed", "does not look for on this node", "wait still");
        assertThat(parked(older)).hasSize(1);
    }

    @Test
    void twoNodesThatRetryAKeyHandleItsEventsOnceInATransaction() {
        CountDownLatch isHandling = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        append("c-1", 1);
        SubscriptionHandler handler = batch -> {
            failingAt(1).handle(batch);
            isHandling.countDown();
            go.await();
        };
        Subscription subscription =
                subscription().delivery(Delivery.IN_TRANSACTION).handledBy(handler);
        Node first = node().running(subscription);
        Node second = node().running(subscription);
        awaitParked(first, 1);
        isBroken.set(false);
        CompletableFuture<RetryResult> one =
                CompletableFuture.supplyAsync(() -> first.subscriptions.parked().retry(name, key("c-1")));
        handled.await(() -> isHandling.getCount() == 0);
        CompletableFuture<RetryResult> other = CompletableFuture.supplyAsync(
                () -> second.subscriptions.parked().retry(name, key("c-1")));
        assertThat(other).as("waits for the lock of the segment").failsWithin(Duration.ofMillis(300));
        go.countDown();

        assertThat(one.join().handled()).isEqualTo(1);
        assertThat(other.join().handled()).isZero();
        assertThat(handled.numbers()).containsExactly(1);
    }

    /** {@link Counted}, later. */
    @EventType(value = "subscription-counted", schemaVersion = 2)
    private record CountedTwice(int number) {}

    /** Or a later event could be parked behind a queue that the retry has emptied. */
    @ParameterizedTest
    @EnumSource(Delivery.class)
    void aRetryEmptiesTheQueueUnderTheLockOfItsSegment(Delivery delivery) {
        append("c-1", 1);
        Node node = node().running(subscription().delivery(delivery).handledBy(failingAt(1)));
        awaitParked(node, 1);
        isBroken.set(false);
        ParkedEvent parked = parked(node).get(0);

        CompletableFuture<RetryResult> retry = store.checkpoints().inTransaction(() -> {
            store.checkpoints().lock(parked.segment());
            CompletableFuture<RetryResult> begun = CompletableFuture.supplyAsync(
                    () -> node.subscriptions.parked().retry(name, key("c-1")));
            assertThat(begun).as("nobody locks the segment").failsWithin(Duration.ofMillis(300));
            assertThat(store.checkpoints().parked(new ParkedQuery(name, null, GlobalPosition.START, 10)))
                    .hasSize(1);
            return begun;
        });

        assertThat(retry.join().handled()).isEqualTo(1);
        assertThat(parked(node)).isEmpty();
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
}
