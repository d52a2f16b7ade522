package io.eventsourcing.core.subscription;

import static io.eventsourcing.core.subscription.Entries.at;
import static io.eventsourcing.core.subscription.Entries.routed;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.log.LogPage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** When a thread works on a segment, and what it does with a batch; each thread and timer moves only when the test says so. */
@Timeout(60)
class SegmentRunnerTest {

    private final HandDrivenHost host = new HandDrivenHost();
    private final OneCheckpoint checkpoints = new OneCheckpoint();
    private final List<List<Long>> batches = new ArrayList<>();
    private final Set<Long> failing = new HashSet<>();
    private Runnable whileHandling = () -> {};
    private boolean namesTheEvent;
    private SegmentRunner runner;
    private long readTo = 10;

    @BeforeEach
    void start() {
        start(subscription(Delivery.AT_LEAST_ONCE), false);
    }

    private void start(Subscription.Builder subscription, boolean hasParked) {
        runner = new SegmentRunner(
                subscription.handledBy(events -> {
                    whileHandling.run();
                    List<Long> positions = events.stream()
                            .map(event -> event.position().value())
                            .toList();
                    batches.add(positions);
                    for (int i = 0; i < events.size(); i++) {
                        if (failing.contains(positions.get(i))) {
                            IllegalStateException error = new IllegalStateException("at " + positions.get(i));
                            throw namesTheEvent ? new EventNotHandledException(events.get(i), error) : error;
                        }
                    }
                }),
                checkpoints,
                new OwnedSegment(OneCheckpoint.START, false, hasParked),
                host);
    }

    private static Subscription.Builder subscription(Delivery delivery) {
        return Subscription.named("s")
                .delivery(delivery)
                .batchSize(3)
                .retry(new RetryPolicy(2, Duration.ofNanos(5), Duration.ofNanos(5)));
    }

    /** Offers a page with these entries, which ends at the last of them. */
    private void offer(Routed... entries) {
        long from = readTo;
        readTo = Stream.of(entries)
                .mapToLong(entry -> entry.position().value())
                .max()
                .orElse(readTo + 10);
        runner.offer(at(from), new LogPage(List.of(), at(readTo), at(readTo), true), List.of(entries), 1);
    }

    @Test
    void oneThreadAtATimeWorksHoweverMuchIsOffered() {
        offer(routed(11, "a"));
        offer(routed(12, "a"), routed(13, "b"), routed(14, "b"), routed(15, "b"));
        assertThat(host.tasks()).isEqualTo(1);

        host.runOne();
        assertThat(host.tasks()).isEqualTo(1);
        host.runAll();

        assertThat(batches).containsExactly(List.of(11L, 12L, 13L), List.of(14L, 15L));
        assertThat(checkpoints.stored.position()).isEqualTo(at(15));
    }

    @Test
    void oneTimerWaitsForABatchHoweverOftenSomethingIsOffered() {
        start(subscription(Delivery.AT_LEAST_ONCE).linger(Duration.ofMinutes(1)), false);
        offer(routed(11, "a"));
        offer(routed(12, "a"));
        assertThat(host.timers()).isEqualTo(1);
        assertThat(host.tasks()).isZero();

        offer(routed(13, "a"));

        host.runAll();
        assertThat(batches).containsExactly(List.of(11L, 12L, 13L));
        host.ring();
        assertThat(host.tasks()).isZero();
        assertThat(host.timers()).isZero();
    }

    /** Or each full batch would leave another timer behind, for as long as events come. */
    @Test
    void aFullBatchThatDoesNotWaitForItsTimerLeavesNoSecondOne() {
        start(subscription(Delivery.AT_LEAST_ONCE).linger(Duration.ofMinutes(1)), false);
        offer(routed(11, "a"));
        offer(routed(12, "a"), routed(13, "a"));
        host.runAll();

        offer(routed(14, "a"));
        assertThat(host.timers()).isEqualTo(1);
        host.ring();

        assertThat(host.timers()).as("the minute of the new one is not over").isEqualTo(1);
        assertThat(host.tasks()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void theEventThatFailsIsFoundTriedAgainAndParkedAndTheOthersGoOn(Delivery delivery) {
        start(subscription(delivery), false);
        failing.add(12L);
        offer(routed(11, "a"), routed(12, "b"), routed(13, "a"), routed(14, "b"), routed(15, "c"));
        host.runAll();

        assertThat(batches).containsExactly(List.of(11L, 12L, 13L), List.of(11L), List.of(12L));
        assertThat(runner.progress().problem()).isEqualTo("java.lang.IllegalStateException: at 12");
        assertThat(host.pauses).containsExactly(5L);
        offer(routed(16, "c"));
        assertThat(host.tasks()).as("while it pauses").isZero();

        host.ring();
        host.runAll();

        assertThat(batches.subList(3, batches.size())).containsExactly(List.of(12L), List.of(13L), List.of(15L, 16L));
        assertThat(checkpoints.parked).extracting(Parking::attempts).containsExactly(2, 0);
        assertThat(checkpoints.parked)
                .extracting(parking -> parking.event().position())
                .containsExactly(at(12), at(14));
        assertThat(runner.progress().problem()).isNull();
        assertThat(checkpoints.stored.position()).isEqualTo(at(16));
    }

    @Test
    void whatWasHandledBeforeAnEventThatIsNamedCounts() {
        namesTheEvent = true;
        failing.add(12L);
        offer(routed(11, "a"), routed(12, "a"), routed(13, "a"));
        host.runAll();

        assertThat(batches).containsExactly(List.of(11L, 12L, 13L));
        assertThat(checkpoints.stored.position()).isEqualTo(at(11));

        failing.clear();
        host.ring();
        host.runAll();
        assertThat(batches).containsExactly(List.of(11L, 12L, 13L), List.of(12L), List.of(13L));
    }

    /** What was written for it is rolled back. */
    @Test
    void whatWasHandledInTheTransactionOfAnEventThatFailedIsHandledAgain() {
        namesTheEvent = true;
        start(subscription(Delivery.IN_TRANSACTION), false);
        failing.add(12L);
        offer(routed(11, "a"), routed(12, "a"), routed(13, "a"));
        host.runAll();

        assertThat(batches).containsExactly(List.of(11L, 12L, 13L), List.of(11L), List.of(12L));
        assertThat(checkpoints.stored.position()).isEqualTo(at(11));
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void aTransactionSurroundsTheHandlerAndTheCheckpointWhereThatIsPromised(Delivery delivery) {
        List<Boolean> handledInTransaction = new ArrayList<>();
        whileHandling = () -> handledInTransaction.add(checkpoints.isInTransaction);
        start(subscription(delivery), false);
        offer(routed(11, "a"));
        host.runAll();

        assertThat(handledInTransaction).containsExactly(delivery == Delivery.IN_TRANSACTION);
        assertThat(checkpoints.wasMovedInTransaction).isEqualTo(delivery == Delivery.IN_TRANSACTION);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void anEventThatCannotBeReadIsTriedAgainAndParkedAndTheOthersGoOn(Delivery delivery) {
        start(subscription(delivery), false);
        offer(routed(11, "a"), new Routed(Entries.unreadable(12), "b"), routed(13, "a"));
        host.runAll();
        assertThat(checkpoints.stored.position()).isEqualTo(at(11));
        host.ring();
        host.runAll();

        assertThat(batches).containsExactly(List.of(11L), List.of(13L));
        assertThat(checkpoints.parked)
                .extracting(parking -> parking.event().position())
                .containsExactly(at(12));
        assertThat(checkpoints.stored.position()).isEqualTo(at(13));
    }

    @Test
    void eachEventHasItsOwnAttempts() {
        failing.add(11L);
        offer(routed(11, "a"), routed(12, "a"));
        host.runAll();
        failing.clear();
        failing.add(12L);
        host.ring();
        host.runAll();

        assertThat(batches).containsExactly(List.of(11L, 12L), List.of(11L), List.of(11L), List.of(12L));
        assertThat(checkpoints.parked).isEmpty();
    }

    @Test
    void anEventBehindAnEmptiedQueueIsHandled() {
        checkpoints.waiting.add("a");
        start(subscription(Delivery.AT_LEAST_ONCE), true);
        offer(routed(11, "a"));
        host.runAll();
        assertThat(batches).isEmpty();

        checkpoints.waiting.clear();
        offer(routed(12, "a"));
        host.runAll();

        assertThat(batches).containsExactly(List.of(12L));
    }

    @Test
    void whatIsNoEventsFaultEndsTheRunnerAndIsNotParked() {
        checkpoints.failure = new EventStoreUnavailableException("away", new IllegalStateException());
        offer(routed(11, "a"));
        host.runAll();

        assertThat(host.ended).containsExactly(runner);
        assertThat(host.reported()).singleElement().isInstanceOf(EventStoreUnavailableException.class);
        assertThat(checkpoints.parked).isEmpty();
        offer(routed(12, "a"));
        assertThat(host.tasks()).isZero();
    }

    @Test
    void whoHasLostTheSegmentEndsSilently() {
        checkpoints.stored = OneCheckpoint.START.at(at(99));
        offer(routed(11, "a"));
        host.runAll();

        assertThat(host.ended).containsExactly(runner);
        assertThat(host.reported()).isEmpty();
    }

    @Test
    void nothingIsHandledWithoutALease() {
        offer(routed(11, "a"));
        host.isLeaseValid = false;
        host.runAll();

        assertThat(batches).isEmpty();
        assertThat(host.ended).containsExactly(runner);
    }

    @Test
    void anErrorThatNoRetryMendsStops() {
        checkpoints.failure = new StopSubscriptionException("no");
        offer(routed(11, "a"));
        host.runAll();

        assertThat(host.stopped).hasSize(1);
        assertThat(checkpoints.parked).isEmpty();
    }

    @Test
    void whoIsIdleIsGivenUpWhereItWasReadTo() {
        offer();
        runner.giveUp();
        runner.giveUp();
        host.runAll();

        assertThat(checkpoints.released).containsExactly(at(20));
        assertThat(host.ended).containsExactly(runner);
        assertThat(runner.wantsMore(9)).isFalse();
    }

    static Stream<Throwable> errorsOfTheStore() {
        return Stream.of(
                new EventStoreUnavailableException("away", new IllegalStateException()), new NoClassDefFoundError("X"));
    }

    /** Or the segment would stay with this node, and nobody would work on it. */
    @ParameterizedTest
    @MethodSource("errorsOfTheStore")
    void whoCannotBeReleasedEndsAllTheSame(Throwable error) {
        checkpoints.failure = error;
        runner.giveUp();
        host.runAll();

        assertThat(host.ended).containsExactly(runner);
        assertThat(host.reported()).containsExactly(error);
    }

    @Test
    void whoIsBusyIsGivenUpAfterItsBatch() {
        offer(routed(11, "a"), routed(12, "a"), routed(13, "a"), routed(14, "a"));
        runner.giveUp();
        host.runAll();

        assertThat(batches).isEmpty();
        assertThat(checkpoints.released).containsExactly(at(10));
    }

    @Test
    void whoPausesIsGivenUpAtOnce() {
        failing.add(11L);
        offer(routed(11, "a"));
        host.runAll();
        runner.giveUp();
        host.runAll();

        assertThat(checkpoints.released).containsExactly(at(10));
        host.ring();
        assertThat(host.tasks()).isZero();
    }

    @Test
    void whoIsDroppedWhileItPausesIsNotResumed() {
        failing.add(11L);
        offer(routed(11, "a"));
        host.runAll();
        runner.drop();
        host.ring();

        assertThat(host.tasks()).isZero();
    }

    @Test
    void whoLosesItsLeaseWhileItIsGivenUpReleasesNothing() {
        whileHandling = () -> {
            runner.giveUp();
            host.isLeaseValid = false;
        };
        offer(routed(11, "a"));
        host.runAll();

        assertThat(host.ended).containsExactly(runner);
        assertThat(checkpoints.released).isEmpty();
    }

    @Test
    void theOutageIsOverWhenSomethingIsHandledAndNotWhileItIsTriedAgain() {
        host.report("segment 0", new IllegalStateException("before"));
        failing.add(11L);
        offer(routed(11, "a"));
        host.runAll();
        assertThat(host.reported()).hasSize(1);

        failing.clear();
        host.ring();
        host.runAll();
        assertThat(host.reported()).isEmpty();
    }

    /** After an answer that was lost, nothing may be left to be handled. */
    @Test
    void theOutageIsOverWhenTheEndOfTheLogIsReadAndNothingWaits() {
        host.report("segment 0", new IllegalStateException("before"));
        offer(routed(11, "a"));
        assertThat(host.reported()).hasSize(1);
        offer();
        assertThat(host.reported()).as("something waits").hasSize(1);

        start(subscription(Delivery.AT_LEAST_ONCE), false);
        readTo = 10;
        offer();
        assertThat(host.reported()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void whatTheHandlerNeedsIsWaitedForHoweverLongAndNothingIsParked(Delivery delivery) {
        AtomicInteger calls = new AtomicInteger();
        whileHandling = () -> {
            if (calls.incrementAndGet() <= 20) {
                throw new EventStoreUnavailableException("away", new IllegalStateException());
            }
        };
        start(subscription(delivery), false);
        offer(routed(11, "a"), routed(12, "b"));
        for (int i = 0; i < 20; i++) {
            host.runAll();
            assertThat(host.reported()).isNotEmpty();
            assertThat(runner.progress().problem()).contains("away");
            host.ring();
        }
        host.runAll();

        assertThat(batches).containsExactly(List.of(11L, 12L));
        assertThat(checkpoints.parked).isEmpty();
        assertThat(host.reported()).isEmpty();
        assertThat(host.ended).isEmpty();
        assertThat(host.pauses)
                .hasSize(20)
                .allMatch(pause -> pause >= Duration.ofMillis(200).toNanos());
    }

    /** Or each node that the segment comes to would handle the first ones again. */
    @Test
    void whatWasHandledBeforeAnErrorThatNoRetryMendsCounts() {
        namesTheEvent = true;
        List<Long> handled = new ArrayList<>();
        runner = new SegmentRunner(
                subscription(Delivery.AT_LEAST_ONCE).handledBy(SubscriptionHandler.each(event -> {
                    if (event.position().equals(at(12))) {
                        throw new StopSubscriptionException("no");
                    }
                    handled.add(event.position().value());
                })),
                checkpoints,
                new OwnedSegment(OneCheckpoint.START, false, false),
                host);
        offer(routed(11, "a"), routed(12, "a"));
        host.runOne();

        assertThat(host.stopped).hasSize(1);
        assertThat(handled).containsExactly(11L);
        assertThat(checkpoints.stored.position()).isEqualTo(at(11));
    }

    @Test
    void thePausesOfTheNextOutageBeginAnew() {
        start(
                subscription(Delivery.AT_LEAST_ONCE)
                        .retry(new RetryPolicy(2, Duration.ofSeconds(1), Duration.ofSeconds(60))),
                false);
        AtomicInteger calls = new AtomicInteger();
        whileHandling = () -> {
            if (calls.incrementAndGet() % 4 != 0) {
                throw new EventStoreUnavailableException("away", new IllegalStateException());
            }
        };
        offer(routed(11, "a"));
        for (int i = 0; i < 3; i++) {
            host.runAll();
            host.ring();
        }
        host.runAll();
        offer(routed(12, "a"));
        host.runAll();

        assertThat(host.pauses)
                .containsExactly(
                        Duration.ofSeconds(1).toNanos(),
                        Duration.ofSeconds(2).toNanos(),
                        Duration.ofSeconds(4).toNanos(),
                        Duration.ofSeconds(1).toNanos());
    }

    /** An outage is no attempt at the event. */
    @Test
    void anEventThatFailsAfterAnOutageHasAllItsAttempts() {
        AtomicInteger calls = new AtomicInteger();
        whileHandling = () -> {
            if (calls.incrementAndGet() <= 5) {
                throw new EventStoreUnavailableException("away", new IllegalStateException());
            }
        };
        failing.add(11L);
        offer(routed(11, "a"));
        for (int i = 0; i < 5; i++) {
            host.runAll();
            host.ring();
        }
        host.runAll();
        assertThat(checkpoints.parked).isEmpty();

        host.ring();
        host.runAll();
        assertThat(checkpoints.parked).extracting(Parking::attempts).containsExactly(2);
    }

    @Test
    void whatWasHandledBeforeSomethingWentAwayCounts() {
        Subscription.Builder subscription = subscription(Delivery.AT_LEAST_ONCE);
        List<Long> handled = new ArrayList<>();
        runner = new SegmentRunner(
                subscription.handledBy(SubscriptionHandler.each(event -> {
                    if (event.position().equals(at(12)) && host.pauses.isEmpty()) {
                        throw new SQLException("away", "08006");
                    }
                    handled.add(event.position().value());
                })),
                checkpoints,
                new OwnedSegment(OneCheckpoint.START, false, false),
                host);
        offer(routed(11, "a"), routed(12, "a"));
        host.runAll();
        assertThat(checkpoints.stored.position()).isEqualTo(at(11));
        host.ring();
        host.runAll();

        assertThat(handled).containsExactly(11L, 12L);
    }

    @Test
    void theProgressTellsWhetherSomethingIsBeingHandledAndWhetherSomethingIsParked() {
        List<SegmentProgress> seen = new ArrayList<>();
        whileHandling = () -> seen.add(runner.progress());
        offer(routed(11, "a"));
        host.runAll();

        assertThat(seen)
                .singleElement()
                .satisfies(progress -> assertThat(progress.handlingFor()).isNotNull());
        assertThat(runner.progress().handlingFor()).isNull();
        assertThat(runner.progress().hasParked()).isFalse();
        runner.noteParked(true);
        assertThat(runner.progress().hasParked()).isTrue();
    }

    @Test
    void whoIsDroppedReleasesNothing() {
        offer(routed(11, "a"));
        runner.drop();
        host.runAll();

        assertThat(batches).isEmpty();
        assertThat(checkpoints.released).isEmpty();
    }

    @Test
    void onlyAQuietSegmentIsNotedAndNothingIsHandledMeanwhile() {
        assertThat(runner.beginNote()).as("nothing new").isNull();
        offer();
        assertThat(runner.beginNote()).isEqualTo(at(20));
        assertThat(runner.beginNote()).as("being noted").isNull();

        offer(routed(21, "a"));
        assertThat(host.tasks()).isZero();
        runner.endNote(OneCheckpoint.START.at(at(20)));
        checkpoints.stored = OneCheckpoint.START.at(at(20));
        assertThat(runner.beginNote()).as("something waits").isNull();
        host.runAll();

        assertThat(batches).containsExactly(List.of(21L));
        assertThat(checkpoints.stored.position()).isEqualTo(at(21));
    }

    /** It gives itself up, with all that it has come to. */
    @Test
    void whoIsLeavingIsNotNoted() {
        whileHandling = () -> runner.giveUp();
        offer(routed(11, "a"));
        offer();
        host.runOne();

        assertThat(runner.beginNote()).isNull();
        runner.giveUp();
        assertThat(runner.beginNote()).isNull();
    }

    /** As when a retry of parked events holds the checkpoint. */
    @Test
    void aNoteThatWasNotTakenIsTakenLater() {
        offer();
        assertThat(runner.beginNote()).isEqualTo(at(20));
        runner.endNote(runner.held());

        assertThat(host.ended).isEmpty();
        assertThat(runner.beginNote()).isEqualTo(at(20));
    }

    /** It is for the renewal of the lease to find out what was committed. */
    @Test
    void aNoteOfWhichNothingIsKnownEndsTheRunner() {
        offer();
        assertThat(runner.beginNote()).isEqualTo(at(20));

        runner.endNote(null);

        assertThat(host.ended).containsExactly(runner);
    }
}
