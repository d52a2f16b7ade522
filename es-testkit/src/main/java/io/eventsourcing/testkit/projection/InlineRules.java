package io.eventsourcing.testkit.projection;

import static io.eventsourcing.testkit.projection.Scripted.Op.ADD_BLINDLY;
import static io.eventsourcing.testkit.projection.Scripted.Op.COUNT;
import static io.eventsourcing.testkit.projection.Scripted.Op.FAIL;
import static io.eventsourcing.testkit.projection.Scripted.Op.UPSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventNotProjectedException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.readmodel.ProjectionGeneration.State;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.projection.ProjectionConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How inline projections handle events in the transactions of their appends. */
abstract class InlineRules extends ProjectionRules {

    InlineRules(Function<EventSerialization, ProjectionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    private static Tallies.Inline inline(ProjectionNode node) {
        return node.start(new Tallies.Inline(node.readModels.updater(Tally.class)), Tally.class);
    }

    private void until(String what, BooleanSupplier is) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!is.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s in time; %s", what, standing()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void whoHasAppendedReadsHisOwnWrites() {
        inline(node());
        for (long i = 1; i <= 20; i++) {
            append("a", Scripted.of(COUNT, "a", 0));
            assertThat(numbers()).isEqualTo(Map.of("a", i));
        }
    }

    @Test
    void anAppendWithSeveralStreamsIsHandledAsAWhole() {
        inline(node());
        store.events().appendAll(List.of(request("a", 1), request("b", 2), request("c", 3)));
        assertThat(numbers()).isEqualTo(Map.of("a", 1L, "b", 2L, "c", 3L));
    }

    private static AppendRequest request(String stream, long number) {
        return AppendRequest.of(
                new StreamId(TENANT, "script", stream), ExpectedVersion.any(), Scripted.of(UPSERT, stream, number));
    }

    @Test
    void whatCannotBeHandledIsNotAppended() {
        ProjectionNode node = node();
        Tallies.Inline tallies = inline(node);
        append("a", Scripted.of(COUNT, "a", 0));
        tallies.isBroken.set(true);

        assertThatExceptionOfType(EventNotProjectedException.class)
                .isThrownBy(() -> append(
                        "a",
                        Scripted.of(COUNT, "a", 0),
                        Scripted.of(COUNT, "a", 0).and(FAIL, "a", 0)))
                .withMessageContainingAll("'tallies'", "version 3 of stream", "Nothing was written");
        assertThatExceptionOfType(EventNotProjectedException.class)
                .as("when its rows are written")
                .isThrownBy(() -> append("a", Scripted.of(ADD_BLINDLY, "nobody", 1)));
        StreamId stream = new StreamId(TENANT, "script", "a");
        assertThat(store.events().currentVersion(stream).value()).isEqualTo(1);
        assertThat(store.events().load(stream)).hasSize(1);

        tallies.isBroken.set(false);
        AppendResult last = append("a", Scripted.of(COUNT, "a", 0).and(FAIL, "a", 0));
        assertThat(last.version().value()).isEqualTo(2);
        assertThat(numbers()).isEqualTo(Map.of("a", 2L));
        awaitShown(node, last);
        assertThat(numbers()).isEqualTo(Map.of("a", 2L));
    }

    @Test
    void aRetriedAppendCountsOnce() {
        inline(node());
        AppendRequest request = AppendRequest.of(
                new StreamId(TENANT, "script", "a"), ExpectedVersion.noStream(), Scripted.of(COUNT, "a", 0));
        store.events().append(request);
        assertThat(store.events().append(request).alreadyRecorded()).isTrue();
        assertThat(numbers()).isEqualTo(Map.of("a", 1L));
    }

    @Test
    void whatWasAppendedBeforeOrByOthersIsMadeUpFor() {
        for (int i = 0; i < 5; i++) {
            append("a", Scripted.of(COUNT, "a", 0));
        }
        AppendResult quiet = append("b", Scripted.of(COUNT, "b", 0));
        ProjectionNode node = node();
        inline(node);
        append("a", Scripted.of(COUNT, "a", 0));
        assertThat(numbers()).containsEntry("a", 6L);
        awaitShown(node, quiet);

        node.close(); // what is appended now is handled by nobody
        append("a", Scripted.of(COUNT, "a", 0));
        AppendResult last = append("b", Scripted.of(COUNT, "b", 0));
        ProjectionNode other = node();
        inline(other);
        awaitShown(other, last);
        append("a", Scripted.of(COUNT, "a", 0));
        assertThat(numbers()).isEqualTo(Map.of("a", 8L, "b", 2L));
    }

    @Test
    void eachEventCountsOnceWhoeverAppendsIt() {
        List<CompletableFuture<Void>> appending = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            appending.add(CompletableFuture.runAsync(() ->
                    IntStream.range(0, 40).forEach(i -> append("s" + i % 5, Scripted.of(COUNT, "s" + i % 5, 0)))));
        }
        ProjectionNode node = node(); // in the middle of it
        inline(node);
        ProjectionNode other = node();
        inline(other);
        appending.forEach(CompletableFuture::join);
        for (int i = 0; i < 5; i++) {
            awaitShown(node, append("s" + i, Scripted.of(COUNT, "s" + i, 0)));
        }
        assertThat(numbers())
                .hasSize(5)
                .allSatisfy((key, number) -> assertThat(number).as(key).isEqualTo(33));
        assertThat(node.projections.status().get(0).parked()).isZero();
    }

    @Test
    void whileItIsPausedEventsAreAppendedAndHandledWhenItIsResumed() {
        ProjectionNode node = node();
        inline(node);
        append("a", Scripted.of(COUNT, "a", 0));
        node.projections.pause("tallies");
        AppendResult hidden = append("a", Scripted.of(COUNT, "a", 0));
        assertThat(numbers()).isEqualTo(Map.of("a", 1L));

        node.projections.resume("tallies");
        awaitShown(node, hidden);
        append("a", Scripted.of(COUNT, "a", 0));
        assertThat(numbers()).isEqualTo(Map.of("a", 3L));
    }

    @Test
    void anEventThatIsParkedDoesNotKeepItsStreamFromAppends() {
        append("a", Scripted.of(COUNT, "a", 0), Scripted.of(COUNT, "a", 0).and(FAIL, "a", 0));
        ProjectionNode node = node();
        Tallies.Inline tallies = new Tallies.Inline(node.readModels.updater(Tally.class));
        tallies.isBroken.set(true);
        node.start(tallies, Tally.class);
        until("it is parked", () -> node.projections.status().get(0).parked() == 1);
        AppendResult behind = append("a", Scripted.of(COUNT, "a", 0));
        assertThat(numbers()).isEqualTo(Map.of("a", 1L));
        awaitShown(node, behind);
        assertThat(node.projections.status().get(0).parked()).isEqualTo(2);

        tallies.isBroken.set(false);
        append("a", Scripted.of(COUNT, "a", 0));
        assertThat(numbers()).isEqualTo(Map.of("a", 4L));
        String key = store.checkpoints()
                .parked(new ParkedQuery("projection:tallies#1", null, GlobalPosition.START, 10))
                .get(0)
                .key();
        node.subscriptions.parked().retry("projection:tallies#1", key);
        assertThat(numbers()).as("handled by the append before").isEqualTo(Map.of("a", 4L));
    }

    @Test
    void aNewVersionTakesThePlaceOfTheOldOneWhileAppendsGoOn() {
        ProjectionNode old = node();
        inline(old);
        for (int i = 0; i < 20; i++) {
            append("s" + i, Scripted.of(COUNT, "s" + i, 0));
        }
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<AppendResult> appending = CompletableFuture.supplyAsync(() -> appendUntil(isOver, "s0"));
        ProjectionNode fresh = node();
        fresh.start(new Tallies.InlineSecond(fresh.readModels.updater(Tally.class)), Tally.class);
        until(
                "the second version is live",
                () -> fresh.projections.status().get(0).generations().stream()
                        .anyMatch(each -> each.version() == 2 && each.state() == State.LIVE));
        isOver.set(true);
        AppendResult last = appending.join();
        awaitShown(fresh, last);
        append("s1", Scripted.of(COUNT, "s1", 0));

        assertThat(rows())
                .hasSize(20)
                .allSatisfy(row -> assertThat(row.writtenBy()).isEqualTo(2));
        assertThat(numbers())
                .containsEntry("s0", last.version().value())
                .containsEntry("s1", 2L)
                .containsEntry("s2", 1L);
    }

    @Test
    void refusesAnotherModeUnderTheSameVersion() {
        ProjectionNode before = node();
        inline(before);
        append("a", Scripted.of(COUNT, "a", 0));
        before.close();
        ProjectionNode node = node();
        Tallies.ByStream asynchronous = new Tallies.ByStream(node.readModels.updater(Tally.class));
        assertThatExceptionOfType(ProjectionConfigurationException.class)
                .isThrownBy(() -> node.start(asynchronous, Tally.class))
                .withMessageContainingAll(
                        "Version 1 of projection 'tallies' is ASYNC", "that was inline", "higher version");
    }
}
