package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.UnknownEventTypeException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedEvents;
import io.eventsourcing.core.subscription.RetryResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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
}
