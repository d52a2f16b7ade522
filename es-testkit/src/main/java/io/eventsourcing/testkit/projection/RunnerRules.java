package io.eventsourcing.testkit.projection;

import static io.eventsourcing.testkit.projection.Scripted.Op.ADD_BLINDLY;
import static io.eventsourcing.testkit.projection.Scripted.Op.COUNT;
import static io.eventsourcing.testkit.projection.Scripted.Op.FAIL;
import static io.eventsourcing.testkit.projection.Scripted.Op.UPSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.projection.ProjectionConfigurationException;
import io.eventsourcing.projection.ProjectionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How projections run, on one node and on several. */
abstract class RunnerRules extends ProjectionRules {

    RunnerRules(Function<EventSerialization, ProjectionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    private static Tallies.ByStream tallies(ProjectionNode node) {
        return node.start(new Tallies.ByStream(node.readModels.updater(Tally.class)), Tally.class);
    }

    private static ProjectionStatus status(ProjectionNode node) {
        return node.projections.status().get(0);
    }

    @Test
    void catchesUpAndFollows() {
        append("a", Scripted.of(COUNT, "a", 0), Scripted.of(COUNT, "a", 0));
        AppendResult last = append("b", Scripted.of(COUNT, "b", 0));
        ProjectionNode node = node();
        tallies(node);
        awaitShown(node, last);
        awaitShown(node, append("a", Scripted.of(COUNT, "a", 0)));

        assertThat(numbers()).isEqualTo(Map.of("a", 3L, "b", 1L));
        assertThat(status(node).problem()).isNull();
        assertThat(status(node).parked()).isZero();
    }

    @Test
    void goesOnWhereItWasOnAnotherNode() {
        ProjectionNode first = node();
        tallies(first);
        awaitShown(first, append("a", Scripted.of(COUNT, "a", 0)));
        first.close();
        ProjectionNode second = node();
        tallies(second);
        awaitShown(second, append("a", Scripted.of(COUNT, "a", 0)));

        assertThat(numbers()).isEqualTo(Map.of("a", 2L));
    }

    @Test
    void severalNodesShareItAndEachEventCountsOnce() {
        List<ProjectionNode> nodes = List.of(node(), node());
        nodes.forEach(RunnerRules::tallies);
        List<AppendResult> appended = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            for (int stream = 0; stream < 20; stream++) {
                appended.add(append("s" + stream, Scripted.of(COUNT, "s" + stream, 0)));
            }
        }
        appended.forEach(each -> awaitShown(nodes.get(0), each));

        assertThat(numbers())
                .hasSize(20)
                .allSatisfy((key, number) -> assertThat(number).isEqualTo(20));
    }

    @Test
    void waitsForAnAppendOnlyForAsLongAsItIsTold() throws InterruptedException {
        ProjectionNode node = node();
        tallies(node);
        awaitShown(node, append("a", Scripted.of(COUNT, "a", 0)));
        node.projections.pause("tallies");
        AppendResult hidden = append("a", Scripted.of(COUNT, "a", 0));

        assertThat(node.projections.await("tallies", hidden, Duration.ofMillis(100)))
                .isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> node.projections.await("unknown", hidden, Duration.ZERO))
                .withMessageContainingAll("no projection 'unknown'", "tallies");
    }

    @Test
    void restsOnAllNodesWhileItIsPaused() {
        ProjectionNode node = node();
        ProjectionNode other = node();
        Tallies here = tallies(node);
        Tallies there = tallies(other);
        awaitShown(node, append("a", Scripted.of(COUNT, "a", 0)));

        other.projections.pause("tallies");
        untilResting(node);
        long calls = here.calls.get() + there.calls.get();
        AppendResult hidden = append("a", Scripted.of(COUNT, "a", 0));
        ProjectionNode late = node();
        Tallies later = tallies(late);

        assertThat(status(node).isPaused()).isTrue();
        assertThat(here.calls.get() + there.calls.get() + later.calls.get()).isEqualTo(calls);
        assertThat(numbers()).isEqualTo(Map.of("a", 1L));

        node.projections.resume("tallies");
        awaitShown(node, hidden);
        assertThat(numbers()).isEqualTo(Map.of("a", 2L));
    }

    private void untilResting(ProjectionNode node) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!node.subscriptions.status().isEmpty()) {
            assertThat(System.nanoTime()).as("it rests in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void beginsAnewWhenItIsReset() {
        ProjectionNode node = node();
        Tallies tallies = tallies(node);
        AppendResult last = append("a", Scripted.of(COUNT, "a", 0), Scripted.of(COUNT, "a", 0));
        awaitShown(node, last);
        long calls = tallies.calls.get();

        node.projections.reset("tallies");
        awaitShown(node, last);

        assertThat(numbers()).isEqualTo(Map.of("a", 2L));
        assertThat(tallies.calls.get()).isEqualTo(2 * calls);
    }

    @Test
    void anEventThatFailsHoldsUpItsKeyAlone() {
        ProjectionNode node = node();
        Tallies tallies = tallies(node);
        tallies.isBroken.set(true);
        append("a", Scripted.of(COUNT, "a", 0), Scripted.of(COUNT, "a", 0).and(FAIL, "a", 0));
        AppendResult behind = append("a", Scripted.of(UPSERT, "a", 10), Scripted.of(ADD_BLINDLY, "a", 5));
        List<AppendResult> others = IntStream.range(0, 20)
                .mapToObj(i -> append("b" + i, Scripted.of(COUNT, "b" + i, 0)))
                .toList();
        awaitShown(node, behind);
        others.forEach(each -> awaitShown(node, each));

        assertThat(numbers())
                .hasSize(21)
                .allSatisfy((key, number) -> assertThat(number).isEqualTo(1));
        assertThat(status(node).parked()).isEqualTo(3);

        tallies.isBroken.set(false);
        retryAll(node);

        assertThat(numbers()).hasSize(21).containsEntry("a", 15L);
        assertThat(status(node).parked()).isZero();
        awaitShown(node, append("a", Scripted.of(COUNT, "a", 0)));
        assertThat(numbers()).containsEntry("a", 16L);
    }

    private void retryAll(ProjectionNode node) {
        List<ParkedEvent> parked = parked();
        assertThat(parked).isNotEmpty();
        parked.stream()
                .map(ParkedEvent::key)
                .distinct()
                .forEach(key -> assertThat(node.subscriptions
                                .parked()
                                .retry("projection:tallies#1", key)
                                .isComplete())
                        .isTrue());
    }

    private List<ParkedEvent> parked() {
        return store.checkpoints().parked(new ParkedQuery("projection:tallies#1", null, GlobalPosition.START, 100));
    }

    /** What was appended before {@link Scripted} had its name. */
    @EventType("contract-old-script")
    record OldScript(String key, String by) {}

    @Test
    void aRetryReadsParkedEventsThroughTheUpcastersOfToday() {
        EventTypes both = EventTypes.of(Scripted.class, OldScript.class);
        reopen(EventSerialization.builder(both).build());
        append("a", Scripted.of(UPSERT, "a", 1));
        append("a", new OldScript("a", "no number"));
        AppendResult last = append("a", Scripted.of(ADD_BLINDLY, "a", 1));

        reopen(upcasting(old -> {
            throw new IllegalStateException("a defect of the upcaster");
        }));
        ProjectionNode broken = node();
        tallies(broken);
        awaitShown(broken, last);
        assertThat(numbers()).isEqualTo(Map.of("a", 1L));
        assertThat(parked()).hasSize(2);
        broken.close();

        reopen(upcasting(old -> {}));
        ProjectionNode mended = node();
        tallies(mended);
        retryAll(mended);
        assertThat(numbers()).isEqualTo(Map.of("a", 7L));
    }

    private static EventSerialization upcasting(Consumer<String> check) {
        return EventSerialization.builder(EventTypes.of(Scripted.class))
                .upcasters(List.of(OldScripts.upcaster(check)))
                .build();
    }

    @Test
    void refusesTwoProjectionsThatWouldDisturbEachOther() {
        ProjectionNode node = node();
        tallies(node);
        Tallies.Second second = new Tallies.Second(node.readModels.updater(Tally.class));
        Tallies.Rival rival = new Tallies.Rival(node.readModels.updater(Tally.class));

        assertThatExceptionOfType(ProjectionConfigurationException.class)
                .isThrownBy(() -> node.start(second, Tally.class))
                .withMessageContainingAll("two projections 'tallies'", "not started");
        assertThatExceptionOfType(ProjectionConfigurationException.class)
                .isThrownBy(() -> node.start(rival, Tally.class))
                .withMessageContainingAll(
                        "'tallies' and 'tallies-too'", "Tally in table 'contract_tally'", "not started");
        awaitShown(node, append("a", Scripted.of(COUNT, "a", 0)));
        assertThat(numbers()).isEqualTo(Map.of("a", 1L));
    }
}
