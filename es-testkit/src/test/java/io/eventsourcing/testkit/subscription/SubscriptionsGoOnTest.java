package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Sequencing;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.memory.InMemoryCheckpoints;
import io.eventsourcing.memory.InMemoryEventStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a call ends with, subscriptions go on, and say what keeps them. */
class SubscriptionsGoOnTest {

    private static final Duration LEASE = Duration.ofMillis(300);

    private final InMemoryEventStore store = new InMemoryEventStore(Counted.serialization());
    private final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints();
    private final AtomicInteger calls = new AtomicInteger();
    private final Handled handled = new Handled(Duration.ofSeconds(30));
    private final AtomicReference<EventLogPort> log = new AtomicReference<>(store);
    private Node node;

    @FunctionalInterface
    private interface Fault {
        void happen() throws Throwable;
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void start(EventLogPort log, CheckpointPort port, Subscription.Builder subscription) {
        node = new Node(new SubscriptionsUnderTest(store, log, port), port, Counted.serialization(), LEASE);
        node.running(subscription.startingAt(StartPosition.beginning()).handledBy(handled.handler()));
    }

    private void append(int... numbers) {
        for (int number : numbers) {
            store.append(AppendRequest.of(StreamId.of("counter", "c-1"), ExpectedVersion.any(), new Counted(number)));
        }
    }

    /** The same object, with something that happens at one call of a method. */
    private <T> T at(int call, String method, Class<T> type, T target, Fault fault) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method) && calls.incrementAndGet() == call) {
                        fault.happen();
                    }
                    try {
                        return called.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                }));
    }

    @Test
    void anErrorInARenewalIsNotTheLastOne() {
        start(
                store,
                at(3, "renew", CheckpointPort.class, checkpoints, () -> {
                    throw new OutOfMemoryError("simulated");
                }),
                Subscription.named("s"));
        await().until(() -> calls.get() > 5);
        append(1);
        handled.await(1);
        assertThat(node.status().problem()).isNull();
    }

    @Test
    void anErrorOfTheLogDoesNotEndTheTail() {
        start(
                at(3, "read", EventLogPort.class, store, () -> {
                    throw new NoClassDefFoundError("simulated");
                }),
                checkpoints,
                Subscription.named("s"));
        await().until(() -> calls.get() > 5);
        append(1);
        handled.await(1);
    }

    @Test
    void aProblemIsOverWhenTheNextBatchIsHandled() {
        start(
                store,
                at(1, "advance", CheckpointPort.class, checkpoints, () -> {
                    throw new EventStoreUnavailableException("away", new IllegalStateException());
                }),
                Subscription.named("s"));
        append(1);
        handled.await(2); // the second time with its checkpoint
        await().until(() -> node.status().problem() == null);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theStatusSaysSoWhereARenewalHangs(int call) {
        CountDownLatch hangs = new CountDownLatch(1);
        start(store, at(call, "renew", CheckpointPort.class, checkpoints, hangs::await), Subscription.named("s"));
        try {
            await().until(() -> node.status().problem() != null);
            assertThat(node.status().problem()).contains("has not been renewed in time");
        } finally {
            hangs.countDown();
        }
        await().until(() -> node.status().problem() == null);
    }

    /** The checkpoint that came with that renewal is older than what the runner has done since. */
    @Test
    void aRunnerThatEndsDuringARenewalBeginsAnewWithTheNextOne() {
        AtomicBoolean isAnswerLost = new AtomicBoolean();
        CheckpointPort losesAnAnswer = after("advance", checkpoints, () -> {
            if (!isAnswerLost.getAndSet(true)) {
                throw new EventStoreUnavailableException("the answer was lost", new IllegalStateException());
            }
        });
        CheckpointPort slow = after("renew", losesAnAnswer, () -> {
            if (calls.incrementAndGet() == 3) {
                append(1);
                await().until(() -> isAnswerLost.get() && node.segments() == 15);
            }
        });
        start(store, slow, Subscription.named("s"));
        await().until(isAnswerLost::get);
        await().until(() -> node.segments() == 16);
        append(2);
        handled.await(2);

        assertThat(handled.numbers()).as("the first one was noted").containsExactly(1, 2);
    }

    /** The same checkpoints, with something that happens before a method returns. */
    private static CheckpointPort after(String method, CheckpointPort target, Fault fault) {
        return (CheckpointPort) Proxy.newProxyInstance(
                CheckpointPort.class.getClassLoader(),
                new Class<?>[] {CheckpointPort.class},
                (proxy, called, arguments) -> {
                    try {
                        Object answer = called.invoke(target, arguments);
                        if (called.getName().equals(method)) {
                            fault.happen();
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    /** A connection whose server is gone without a word reports no error. */
    @Test
    void theStatusSaysSoWhereTheLogDoesNotAnswer() {
        CountDownLatch hangs = new CountDownLatch(1);
        start(at(3, "read", EventLogPort.class, store, hangs::await), checkpoints, Subscription.named("s"));
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> node.status().problem() != null);
            assertThat(node.status().problem()).contains("without an answer for 1");
        } finally {
            hangs.countDown();
        }
        await().until(() -> node.status().problem() == null);
    }

    /** A checkpoint may be locked for as long as a retry of parked events takes. */
    @Test
    void notesOfQuietSegmentsThatHangCostNoLease() {
        CountDownLatch hangs = new CountDownLatch(1);
        start(
                store,
                at(1, "advanceAll", CheckpointPort.class, checkpoints, hangs::await),
                Subscription.named("s").filter(LogFilter.ALL.ofTypes(List.of("subscription-counted"))));
        store.append(AppendRequest.of(StreamId.of("counter", "c-1"), ExpectedVersion.any(), new Renamed(1)));
        try {
            await().until(() -> calls.get() == 1);
            await().during(LEASE.multipliedBy(3))
                    .until(() -> node.segments() == 16 && node.status().problem() == null);
        } finally {
            hangs.countDown();
        }
        append(1);
        handled.await(1);
    }

    @Test
    void aCloseDoesNotWaitForARenewalThatHangs() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        start(store, at(3, "renew", CheckpointPort.class, checkpoints, hangs::await), Subscription.named("s"));
        await().until(() -> calls.get() == 3);
        try {
            assertThat(CompletableFuture.runAsync(node::close)).succeedsWithin(Duration.ofSeconds(20));
        } finally {
            hangs.countDown();
        }
    }

    /** As after a failover to a replica that was behind: the checkpoint is as old as the log, and the node has read further. */
    @Test
    void aLogThatWasTakenBackIsReadFromTheCheckpointThatCameBackWithIt() {
        AtomicReference<CheckpointPort> kept = new AtomicReference<>(checkpoints);
        start(current(EventLogPort.class, log), current(CheckpointPort.class, kept), Subscription.named("s"));
        append(1, 2, 3);
        handled.await(3);

        InMemoryCheckpoints earlier = new InMemoryCheckpoints();
        earlier.register("s", new Sequencing(16, "stream, crc32c"), () -> GlobalPosition.START);
        kept.set(earlier);
        takeLogBack();

        await().until(() -> handled.numbers().contains(4));
        assertThat(handled.numbers()).containsExactly(1, 2, 3, 4);
        assertThat(node.status().stoppedBy()).isNull();
    }

    @Test
    void aCheckpointThatIsKeptElsewhereAndIsAheadOfTheLogStopsTheSubscription() {
        start(current(EventLogPort.class, log), checkpoints, Subscription.named("s"));
        append(1, 2, 3);
        handled.await(3);

        takeLogBack();

        await().until(() -> node.status().stoppedBy() != null);
        assertThat(node.status().stoppedBy()).contains("PositionAheadOfLog", "its last position is");
        assertThat(handled.numbers()).containsExactly(1, 2, 3);
    }

    private void takeLogBack() {
        InMemoryEventStore shorter = new InMemoryEventStore(Counted.serialization());
        shorter.append(AppendRequest.of(StreamId.of("counter", "c-1"), ExpectedVersion.any(), new Counted(4)));
        log.set(shorter);
    }

    private static <T> T current(Class<T> type, AtomicReference<? extends T> target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    try {
                        return called.invoke(target.get(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                }));
    }

    @Test
    void whatIsLeftOfABatchDoesNotLingerAgain() {
        AtomicInteger failures = new AtomicInteger();
        node = new Node(
                new SubscriptionsUnderTest(store, store, checkpoints), checkpoints, Counted.serialization(), LEASE);
        append(1, 2, 3, 4, 5);
        node.running(Subscription.named("s")
                .startingAt(StartPosition.beginning())
                .batchSize(5)
                .linger(Duration.ofSeconds(1))
                .handledBy(batch -> {
                    if (failures.getAndIncrement() == 0) {
                        throw new IllegalStateException("once");
                    }
                    handled.add(batch);
                }));
        await().atMost(Duration.ofMillis(3_500)).until(() -> handled.numbers().size() == 5);
        assertThat(handled.batches()).containsOnly(1);
    }
}
