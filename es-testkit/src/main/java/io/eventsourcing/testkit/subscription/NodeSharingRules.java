package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.SegmentLostException;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.core.subscription.SequencingPolicy;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How nodes share a subscription. */
abstract class NodeSharingRules extends SubscriptionRules {

    private static final Duration SHORT_LEASE = Duration.ofSeconds(1);

    NodeSharingRules(Function<EventSerialization, SubscriptionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    @Test
    void fromOneNodeToFourAndBackNothingIsRepeatedAndOrderHolds() {
        Map<String, Integer> appended = new HashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (int wanted : new int[] {1, 2, 3, 4, 3, 2, 1}) {
            while (nodes.size() < wanted) {
                nodes.add(node(SHORT_LEASE, store.checkpoints())
                        .running(subscription().handledBy(handled.handler())));
            }
            while (nodes.size() > wanted) {
                nodes.remove(0).close();
            }
            appendSome(appended);
            handled.await(() -> {
                appendSome(appended);
                return nodes.stream().mapToInt(Node::segments).sum() == 16
                        && nodes.stream()
                                .allMatch(node -> node.segments() == 16 / wanted || node.segments() == 16 / wanted + 1);
            });
        }
        int all = appended.values().stream().mapToInt(n -> n).sum();
        handled.await(all);
        assertThat(handled.events()).hasSize(all);
        appended.forEach((stream, count) ->
                assertThat(handled.numbers(stream)).as(stream).isEqualTo(upTo(count)));
    }

    private void appendSome(Map<String, Integer> appended) {
        for (int i = 0; i < 8; i++) {
            append("c-" + i, appended.merge("c-" + i, 1, Integer::sum));
        }
    }

    @Test
    void subscriptionsOfOneSegmentAreSpread() {
        List<Node> nodes = Stream.generate(() -> node(SHORT_LEASE, store.checkpoints()))
                .limit(2)
                .toList();
        for (int i = 0; i < 20; i++) {
            for (Node node : nodes) {
                node.running(Subscription.named(name + "-" + i)
                        .sequencedBy(SequencingPolicy.single())
                        .handledBy(handled.handler()));
            }
        }
        handled.await(() -> nodes.stream()
                .mapToLong(node -> node.subscriptions.status().stream()
                        .mapToLong(status -> status.segments().size())
                        .sum())
                .allMatch(owned -> owned > 0 && owned < 20));
    }

    @Test
    void aSuspendedOwnerThatWakesAfterItsLeaseCannotCommit() {
        append("c-1", 1);
        for (Delivery delivery : Delivery.values()) {
            suspendedOwner(delivery);
        }
    }

    private void suspendedOwner(Delivery delivery) {
        String subscription = name + delivery;
        Handled byFirst = new Handled(patience);
        Handled bySecond = new Handled(patience);
        CountDownLatch wake = new CountDownLatch(1);
        AtomicBoolean isSuspended = new AtomicBoolean();
        List<Throwable> refused = new ArrayList<>();
        Node first = node(SHORT_LEASE, suspendable(isSuspended, refused))
                .running(Subscription.named(subscription)
                        .filter(LogFilter.ALL.ofTenant(tenant))
                        .startingAt(StartPosition.beginning())
                        .delivery(delivery)
                        .handledBy(batch -> {
                            isSuspended.set(true);
                            byFirst.add(batch);
                            wake.await();
                        }));
        byFirst.await(1);
        node(SHORT_LEASE, store.checkpoints())
                .running(Subscription.named(subscription)
                        .filter(LogFilter.ALL.ofTenant(tenant))
                        .delivery(delivery)
                        .handledBy(bySecond.handler()));
        bySecond.await(1);
        wake.countDown();
        handled.await(() -> {
            synchronized (refused) {
                return !refused.isEmpty();
            }
        });
        assertThat(refused.get(0)).isInstanceOf(SegmentLostException.class);
        GlobalPosition position = bySecond.events().get(0).position();
        handled.await(() -> store.checkpoints().segments(subscription).stream()
                .anyMatch(segment -> segment.position().equals(position)));
        first.close();
        assertThat(bySecond.events()).hasSize(1);
    }

    /** The node's calls, as they are unless it is suspended: then it renews no lease. */
    private CheckpointPort suspendable(AtomicBoolean isSuspended, List<Throwable> refused) {
        return around((isRenewal, call) -> {
            if (isRenewal && isSuspended.get()) {
                throw new EventStoreUnavailableException("suspended", new IllegalStateException());
            }
            try {
                return call.run();
            } catch (RuntimeException e) {
                synchronized (refused) {
                    refused.add(e);
                }
                throw e;
            }
        });
    }

    /** The node's calls, and how often it has renewed its lease. */
    private CheckpointPort counting(AtomicInteger renewals) {
        return around((isRenewal, call) -> {
            Object answer = call.run();
            if (isRenewal) {
                renewals.incrementAndGet();
            }
            return answer;
        });
    }

    private CheckpointPort around(Around around) {
        return (CheckpointPort) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CheckpointPort.class}, (proxy, method, arguments) -> {
                    boolean isRenewal = method.getName().equals("renew");
                    return around.run(isRenewal, () -> {
                        try {
                            return method.invoke(store.checkpoints(), arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getTargetException();
                        }
                    });
                });
    }

    /** What is done instead of a call. */
    private interface Around {
        @Nullable
        Object run(boolean isRenewal, Call call) throws Throwable;
    }

    /** A call of the checkpoints. */
    private interface Call {
        @Nullable
        Object run() throws Throwable;
    }

    @Test
    void whatIsBeingHandledIsFinishedWhenANodeCloses() {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        append("c-1", 1);
        Node node = node().running(subscription().handledBy(batch -> {
            started.countDown();
            go.await();
            handled.add(batch);
        }));
        handled.await(() -> started.getCount() == 0);
        Thread closing = new Thread(node::close);
        closing.start();
        go.countDown();
        join(closing);
        assertThat(handled.numbers()).containsExactly(1);

        append("c-1", 2);
        node().running(subscription().handledBy(handled.handler()));
        handled.await(2);
        assertThat(handled.numbers()).containsExactly(1, 2);
    }

    @Test
    void aNodeKeepsItsLeaseUntilItsHandlersHaveFinished() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger renewals = new AtomicInteger();
        append("c-1", 1);
        Node node = node(SHORT_LEASE, counting(renewals)).running(subscription().handledBy(batch -> {
            handled.add(batch);
            go.await();
        }));
        handled.await(1);
        Thread closing = new Thread(node::close);
        closing.start();
        node(SHORT_LEASE, store.checkpoints()).running(subscription().handledBy(handled.handler()));
        int before = renewals.get();
        handled.await(() -> renewals.get() > before + 4); // more than a lease
        go.countDown();
        join(closing);

        append("c-1", 2);
        handled.await(2);
        assertThat(handled.numbers()).containsExactly(1, 2);
    }

    @Test
    void aClosedNodeOwnsNothing() {
        Node node = node().running(subscription().handledBy(handled.handler()));
        handled.await(() -> node.segments() == 16);
        node.close();
        assertThat(store.checkpoints().segments(name))
                .hasSize(16)
                .extracting(SegmentState::owner)
                .containsOnlyNulls();
    }

    @Test
    void aNodeThatHasStoppedAllOwnsNothingAndCanStartAgain() {
        append("c-1", 1);
        Subscription subscription = subscription().handledBy(handled.handler());
        Node node = node().running(subscription);
        handled.await(1);
        node.subscriptions.stopAll();
        assertThat(node.subscriptions.status()).isEmpty();
        assertThat(store.checkpoints().segments(name))
                .extracting(SegmentState::owner)
                .containsOnlyNulls();

        append("c-1", 2);
        node.running(subscription);
        handled.await(2);
        assertThat(handled.numbers()).containsExactly(1, 2);
    }

    /** Whose older nodes do not look for what only the newer ones handle, and would pass it by. */
    @Test
    void aRollingDeploymentMissesNoEventOfATypeThatIsHandledFromNowOn() {
        Subscription older = subscription()
                .filter(LogFilter.ALL.ofTenant(tenant).ofTypes(List.of("subscription-counted")))
                .handledBy(handled.handler());
        List<Object> renamed = new CopyOnWriteArrayList<>();
        Subscription newer = subscription()
                .filter(LogFilter.ALL.ofTenant(tenant).ofTypes(List.of("subscription-counted", "subscription-renamed")))
                .handledBy(SubscriptionHandler.each(event -> {
                    if (event.payload() instanceof Renamed) {
                        renamed.add(event.payload());
                    } else {
                        handled.add(List.of(event));
                    }
                }));
        node(SHORT_LEASE, store.checkpoints()).running(older);
        Node second = node(SHORT_LEASE, store.checkpoints()).running(older);
        append("c-1", 1);
        handled.await(1);
        Node first = node(SHORT_LEASE, store.checkpoints()).running(newer);
        handled.await(() -> first.segments() == 16);
        second.close();
        for (int i = 0; i < 32; i++) {
            store.events().append(AppendRequest.of(stream("c-" + i), ExpectedVersion.any(), new Renamed(i)));
            append("c-" + i, 2);
        }

        handled.await(() -> renamed.size() == 32 && handled.numbers().size() >= 33);
        assertThat(handled.numbers("c-1")).startsWith(1).endsWith(2);
    }

    private static void join(Thread thread) {
        try {
            thread.join(30_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
