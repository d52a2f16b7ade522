package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.SequencingPolicy;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is delivered, from where on, in which order. */
abstract class DeliveryRules extends SubscriptionRules {

    DeliveryRules(Function<EventSerialization, SubscriptionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void handlesEveryEventOnceAndThoseOfAStreamInOrder(Delivery delivery) {
        Random random = new Random(1);
        int[] numbers = new int[10];
        Runnable appends = () -> {
            for (int i = 0; i < 100; i++) {
                int stream = random.nextInt(numbers.length);
                append("c-" + stream, ++numbers[stream], ++numbers[stream]);
            }
        };
        appends.run();
        node().running(subscription().delivery(delivery).handledBy(handled.handler()));
        appends.run();

        handled.await(400);
        assertThat(handled.events()).hasSize(400);
        for (int i = 0; i < numbers.length; i++) {
            assertThat(handled.numbers("c-" + i)).isEqualTo(upTo(numbers[i]));
        }
    }

    @Test
    void goesOnWhereItWasAndRepeatsNothing() {
        for (int round = 1; round <= 3; round++) {
            append("c-1", 2 * round - 1);
            append("c-2", 2 * round);
            try (Node node = node()) {
                node.running(subscription().handledBy(handled.handler()));
                handled.await(2 * round);
            }
        }
        append("c-1", 7);
        node().running(subscription().handledBy(handled.handler()));
        handled.await(7);
        assertThat(handled.numbers()).containsExactlyInAnyOrderElementsOf(upTo(7));
    }

    @Test
    void outsideEffectsStartNowUnlessSaidOtherwise() {
        append("c-1", 1, 2);
        node().running(Subscription.named(name)
                .filter(LogFilter.ALL.ofTenant(tenant))
                .handledBy(handled.handler()));
        append("c-1", 3);
        handled.await(1);
        assertThat(handled.numbers()).containsExactly(3);
    }

    @Test
    void writesOfItsOwnStoreStartAtTheBeginningUnlessSaidOtherwise() {
        append("c-1", 1, 2);
        node().running(Subscription.named(name)
                .filter(LogFilter.ALL.ofTenant(tenant))
                .delivery(Delivery.IN_TRANSACTION)
                .handledBy(handled.handler()));
        handled.await(2);
        assertThat(handled.numbers()).containsExactly(1, 2);
    }

    @Test
    void startsAfterAPosition() {
        GlobalPosition second = append("c-1", 1, 2).positions().get(1);
        append("c-1", 3);
        node().running(subscription().startingAt(StartPosition.after(second)).handledBy(handled.handler()));
        handled.await(1);
        append("c-1", 4);
        handled.await(2);
        assertThat(handled.numbers()).containsExactly(3, 4);
    }

    @Test
    void startsAtATime() {
        append("c-1", 1);
        RecordedEvent second =
                store.events().load(stream("c-1")).stream().findFirst().orElseThrow();
        append("c-1", 2);
        RecordedEvent last =
                store.events().load(stream("c-1")).stream().skip(1).findFirst().orElseThrow();
        node().running(subscription()
                .startingAt(StartPosition.at(second.recordedAt().plusNanos(1_000)))
                .handledBy(handled.handler()));
        handled.await(1);
        assertThat(handled.events()).containsExactly(last);
    }

    @Test
    void startsAtTheEndIfNothingWasRecordedSince() {
        append("c-1", 1);
        GlobalPosition end = store.log().now();
        assertThat(store.log().before(Instant.now().plusSeconds(3_600))).isEqualTo(end);
        assertThat(store.log().before(Instant.EPOCH)).isLessThan(end);
    }

    @Test
    void handlesOnlyWhatIsWanted() {
        append("c-1", 1);
        store.events().append(AppendRequest.of(stream("c-1"), ExpectedVersion.any(), new Renamed(2)));
        append("c-1", 3);
        node().running(subscription()
                .filter(LogFilter.ALL
                        .ofTenant(tenant)
                        .ofTypes(Set.of(
                                serialization.eventTypes().typeOf(Counted.class).name())))
                .handledBy(handled.handler()));
        append("c-1", 4);
        handled.await(3);
        assertThat(handled.numbers()).containsExactly(1, 3, 4);
    }

    @Test
    void handlesEventsOfArchivedStreams() {
        append("c-1", 1);
        store.events().archive(stream("c-1"));
        node().running(subscription().handledBy(handled.handler()));
        handled.await(1);
        append("c-2", 2);
        handled.await(2);
        assertThat(handled.numbers()).containsExactly(1, 2);
    }

    @Test
    void aBatchIsNoLargerThanSaid() {
        append("c-1", IntStream.rangeClosed(1, 50).toArray());
        node().running(subscription().batchSize(7).handledBy(handled.handler()));
        handled.await(50);
        assertThat(handled.batches()).allMatch(size -> size <= 7).contains(7);
        assertThat(handled.numbers()).isEqualTo(upTo(50));
    }

    @Test
    void aBatchThatIsNotFullWaitsForMore() {
        node().running(subscription().batchSize(3).linger(Duration.ofHours(1)).handledBy(handled.handler()));
        append("c-1", 1);
        append("c-1", 2);
        append("c-1", 3);
        handled.await(3);
        assertThat(handled.batches()).containsExactly(3);
    }

    @Test
    void aBatchThatLingeredLongEnoughIsHandled() {
        node().running(subscription()
                .batchSize(100)
                .linger(Duration.ofMillis(20))
                .handledBy(handled.handler()));
        append("c-1", 1);
        handled.await(1);
        assertThat(handled.numbers()).containsExactly(1);
    }

    @Test
    void aSlowHandlerHoldsUpNoOtherSegment() {
        CountDownLatch gate = new CountDownLatch(1);
        node().running(subscription().batchSize(10).handledBy(batch -> {
            if (batch.get(0).stream().id().equals("slow")) {
                gate.await();
            }
            handled.add(batch);
        }));
        for (int i = 1; i <= 600; i++) {
            append("slow", i);
        }
        String other = otherSegmentThan("slow");
        append(other, 1, 2, 3);
        handled.await(3);
        assertThat(handled.numbers(other)).containsExactly(1, 2, 3);
        gate.countDown();
        handled.await(603);
        assertThat(handled.numbers("slow")).isEqualTo(upTo(600));
    }

    private String otherSegmentThan(String streamId) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "other-" + i)
                .filter(id -> segment(id) != segment(streamId))
                .findFirst()
                .orElseThrow();
    }

    private int segment(String streamId) {
        CRC32C hash = new CRC32C();
        hash.update((tenant + ":counter:" + streamId).getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % Subscription.DEFAULT_SEGMENTS);
    }

    @Test
    void eventsWithTheSameTagAreHandledInOrder() {
        inOrderAcrossStreams(SequencingPolicy.byTag("course"));
    }

    @Test
    void eventsWithTheSameKeyOfAFunctionAreHandledInOrder() {
        inOrderAcrossStreams(SequencingPolicy.by("parity", event -> "k" + Handled.number(event) % 2));
    }

    @Test
    void aSingleSegmentHandlesEverythingInOrder() {
        inOrderAcrossStreams(SequencingPolicy.single());
    }

    private void inOrderAcrossStreams(SequencingPolicy policy) {
        for (int i = 1; i <= 200; i++) {
            NewEvent event = NewEvent.of(new Counted(i)).withTags(Tag.of("course", "c" + i % 2));
            store.events().append(AppendRequest.of(stream("s-" + i), ExpectedVersion.any(), event));
        }
        node().running(subscription().sequencedBy(policy).batchSize(3).handledBy(handled.handler()));
        handled.await(200);
        for (int parity = 0; parity <= 1; parity++) {
            int mine = parity;
            List<Integer> numbers =
                    handled.numbers().stream().filter(n -> n % 2 == mine).toList();
            assertThat(numbers).hasSize(100).isSorted();
        }
    }
}
