package io.eventsourcing.testkit.projection;

import static io.eventsourcing.testkit.projection.Scripted.Op.COUNT;
import static io.eventsourcing.testkit.projection.Scripted.Op.FAIL;
import static io.eventsourcing.testkit.projection.Scripted.Op.UPSERT;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ProjectionGeneration.State;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.projection.ProjectionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How a projection is built anew while the old rows are read. */
abstract class RebuildRules extends ProjectionRules {

    RebuildRules(Function<EventSerialization, ProjectionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    private static Tallies.First first(ProjectionNode node) {
        return node.start(new Tallies.First(node.readModels.updater(Tally.class)), Tally.class);
    }

    private static Tallies.Second second(ProjectionNode node) {
        return node.start(new Tallies.Second(node.readModels.updater(Tally.class)), Tally.class);
    }

    private static ProjectionStatus status(ProjectionNode node) {
        return node.projections.status().get(0);
    }

    private void until(String what, BooleanSupplier is) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!is.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s in time; %s", what, standing()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static boolean isLive(ProjectionNode node, int generation) {
        return status(node).generations().stream()
                .anyMatch(each -> each.number() == generation && each.state() == State.LIVE);
    }

    @Test
    void rebuildsRowsThatAHandlerHadWrong() {
        ProjectionNode before = node();
        Tallies.First wrong = first(before);
        AppendResult last = append("a", Scripted.of(COUNT, "a", 0), Scripted.of(COUNT, "b", 0));
        awaitShown(before, last);
        long calls = wrong.calls.get();

        before.projections.pause("tallies");
        before.projections.rebuild("tallies");
        before.projections.rebuild("tallies"); // does nothing more
        before.projections.resume("tallies");
        until("the second generation is live", () -> isLive(before, 2));

        assertThat(numbers()).isEqualTo(Map.of("a", 1L, "b", 1L));
        assertThat(wrong.calls.get()).isEqualTo(2 * calls);
        awaitShown(before, append("a", Scripted.of(COUNT, "a", 0)));
        assertThat(numbers()).isEqualTo(Map.of("a", 2L, "b", 1L));
        assertThat(status(before).rebuild()).isNull();
    }

    @Test
    void aNewVersionTakesThePlaceOfTheOldOneWithoutAMixture() throws Exception {
        for (int i = 0; i < 40; i++) {
            append("s" + i, Scripted.of(COUNT, "s" + i, 0), Scripted.of(COUNT, "s" + i, 0));
        }
        ProjectionNode old = node();
        first(old);
        awaitShown(old, append("s0", Scripted.of(COUNT, "s0", 0)));
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
            while (!isOver.get()) {
                List<Tally> rows = rows();
                Set<Integer> versions = rows.stream().map(Tally::writtenBy).collect(Collectors.toSet());
                assertThat(versions).as("versions that wrote rows").hasSize(1);
                assertThat(rows).hasSize(40);
            }
        });
        CompletableFuture<AppendResult> appending = CompletableFuture.supplyAsync(() -> appendUntil(isOver, "s0"));

        ProjectionNode fresh = node();
        second(fresh);
        until("the second version is live", () -> isLive(fresh, 2));
        until("the first version rests", () -> old.subscriptions.status().isEmpty());
        isOver.set(true);
        reading.get();
        AppendResult last = appending.get();
        awaitShown(fresh, last);

        assertThat(rows()).allSatisfy(row -> assertThat(row.writtenBy()).isEqualTo(2));
        assertThat(numbers())
                .containsEntry("s1", 2L)
                .containsEntry("s0", last.version().value());
    }

    @Test
    void anOldVersionHandlesNothingOnceANewerOneIsKnown() {
        ProjectionNode fresh = node();
        second(fresh);
        awaitShown(fresh, append("a", Scripted.of(UPSERT, "a", 1)));
        ProjectionNode old = node();
        Tallies.First superseded = first(old);
        awaitShown(fresh, append("a", Scripted.of(UPSERT, "a", 2)));

        assertThat(old.subscriptions.status()).isEmpty();
        assertThat(superseded.calls.get()).isZero();
        assertThat(rows()).containsExactly(new Tally("a", 2, 2));
    }

    @Test
    void aRebuildWithParkedEventsWaitsUntilTheyAreRetried() {
        ProjectionNode node = node();
        Tallies.First tallies = first(node);
        AppendResult last = append("a", Scripted.of(COUNT, "a", 0).and(FAIL, "a", 0));
        awaitShown(node, last);

        tallies.isBroken.set(true);
        node.projections.rebuild("tallies");
        until("the event is parked", () -> !parked(2).isEmpty());
        awaitShown(node, append("a", Scripted.of(COUNT, "b", 0)));
        assertThat(status(node).generations())
                .extracting(ProjectionGeneration::state)
                .containsExactly(State.LIVE, State.BUILDING);
        assertThat(numbers()).isEqualTo(Map.of("a", 1L, "b", 1L));

        tallies.isBroken.set(false);
        until("the event behind it is parked", () -> parked(2).size() == 2);
        node.subscriptions
                .parked()
                .retry("projection:tallies#2", parked(2).get(0).key());
        until("the second generation is live", () -> isLive(node, 2));
        assertThat(numbers()).isEqualTo(Map.of("a", 1L, "b", 1L));
    }

    private List<ParkedEvent> parked(int generation) {
        return store.checkpoints()
                .parked(new ParkedQuery("projection:tallies#" + generation, null, GlobalPosition.START, 10));
    }

    @Test
    void aRebuildGoesOnOnAnotherNode() {
        ProjectionNode node = node();
        first(node);
        AppendResult last = append("a", Scripted.of(COUNT, "a", 0));
        awaitShown(node, last);
        node.projections.pause("tallies");
        node.projections.rebuild("tallies");
        node.close();

        ProjectionNode other = node();
        first(other);
        assertThat(status(other).rebuild()).isNotNull();
        other.projections.resume("tallies");
        until("the second generation is live", () -> isLive(other, 2));
        assertThat(numbers()).isEqualTo(Map.of("a", 1L));
    }

    @Test
    void isRebuiltAgainAndAgain() {
        ProjectionNode node = node();
        first(node);
        awaitShown(node, append("a", Scripted.of(COUNT, "a", 0)));
        for (int generation = 2; generation <= 4; generation++) {
            int awaited = generation;
            node.projections.rebuild("tallies");
            until("generation " + generation + " is live", () -> isLive(node, awaited));
            assertThat(numbers()).isEqualTo(Map.of("a", 1L));
        }
        until("replaced tables are dropped", () -> status(node).generations().size() <= 2);
    }
}
