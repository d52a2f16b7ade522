package io.eventsourcing.testkit.projection;

import static io.eventsourcing.testkit.projection.Scripted.Op.ADD;
import static io.eventsourcing.testkit.projection.Scripted.Op.ADD_BLINDLY;
import static io.eventsourcing.testkit.projection.Scripted.Op.COUNT;
import static io.eventsourcing.testkit.projection.Scripted.Op.DELETE;
import static io.eventsourcing.testkit.projection.Scripted.Op.SET;
import static io.eventsourcing.testkit.projection.Scripted.Op.UPSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.projection.Projection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What handlers write, and what becomes of it. */
abstract class UpdaterRules extends ProjectionRules {

    UpdaterRules(Function<EventSerialization, ProjectionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    private Map<String, Long> after(Scripted... events) {
        ProjectionNode node = node();
        AppendResult appended = append("s", (Object[]) events);
        node.start(new Tallies.First(node.readModels.updater(Tally.class)), Tally.class);
        awaitShown(node, appended);
        return numbers();
    }

    @Test
    void writesWhatTheLastChangeOfARowSays() {
        assertThat(after(
                        Scripted.of(UPSERT, "a", 1),
                        Scripted.of(UPSERT, "b", 2).and(UPSERT, "b", 3),
                        Scripted.of(UPSERT, "c", 4).and(DELETE, "c", 0),
                        Scripted.of(DELETE, "d", 0).and(UPSERT, "d", 5)))
                .isEqualTo(Map.of("a", 1L, "b", 3L, "d", 5L));
    }

    @Test
    void changesRowsThatAnEarlierBatchHasWritten() {
        ProjectionNode node = node();
        node.start(new Tallies.First(node.readModels.updater(Tally.class)), Tally.class);
        awaitShown(
                node,
                append(
                        "s",
                        Scripted.of(UPSERT, "a", 1),
                        Scripted.of(UPSERT, "b", 1),
                        Scripted.of(UPSERT, "c", 1),
                        Scripted.of(UPSERT, "d", 1)));

        awaitShown(
                node,
                append(
                        "s",
                        Scripted.of(ADD_BLINDLY, "a", 5),
                        Scripted.of(DELETE, "b", 0),
                        Scripted.of(SET, "c", 7).and(ADD_BLINDLY, "c", -2),
                        Scripted.of(COUNT, "d", 0).and(COUNT, "d", 0)));

        assertThat(numbers()).isEqualTo(Map.of("a", 6L, "c", 5L, "d", 3L));
    }

    @Test
    void getSeesWhatTheBatchHasChanged() {
        assertThat(after(
                        Scripted.of(COUNT, "a", 0).and(COUNT, "a", 0),
                        Scripted.of(DELETE, "a", 0),
                        Scripted.of(ADD, "a", 5),
                        Scripted.of(COUNT, "a", 0)))
                .isEqualTo(Map.of("a", 1L));
    }

    @Test
    void deletingWhatIsNotThereDoesNothing() {
        assertThat(after(Scripted.of(DELETE, "a", 0))).isEmpty();
    }

    @Test
    void anUpdateOfARowThatIsNotThereFailsAndParksTheEvent() {
        assertThat(after(Scripted.of(UPSERT, "a", 1), Scripted.of(ADD_BLINDLY, "missing", 1)))
                .isEqualTo(Map.of("a", 1L));

        assertThat(parked())
                .singleElement()
                .extracting(ParkedEvent::error)
                .asInstanceOf(InstanceOfAssertFactories.STRING)
                .contains("[missing] of tenant acme", "contract_tally", "there is none", "Upsert it first");
    }

    @Test
    void aSumThatItsColumnCannotHoldFailsAndParksTheEvent() {
        assertThat(after(Scripted.of(UPSERT, "a", Long.MAX_VALUE), Scripted.of(ADD_BLINDLY, "a", 1)))
                .isEqualTo(Map.of("a", Long.MAX_VALUE));

        assertThat(parked())
                .singleElement()
                .extracting(ParkedEvent::error)
                .asInstanceOf(InstanceOfAssertFactories.STRING)
                .contains("'number' of the row [a]", "could not be incremented");
    }

    private List<ParkedEvent> parked() {
        return store.checkpoints().parked(new ParkedQuery("projection:tallies#1", null, GlobalPosition.START, 10));
    }

    @Test
    void rowsBelongToTheTenantOfTheirEvent() {
        TenantId other = TenantId.of("globex");
        ProjectionNode node = node();
        append("s", Scripted.of(UPSERT, "a", 1), Scripted.of(UPSERT, "b", 2));
        AppendResult last = append(other, "s", Scripted.of(UPSERT, "a", 10), Scripted.of(DELETE, "b", 0));

        node.start(new Tallies.First(node.readModels.updater(Tally.class)), Tally.class);
        awaitShown(node, last);

        assertThat(rows()).containsExactly(new Tally("a", 1, 1), new Tally("b", 2, 1));
        assertThat(rows(other)).containsExactly(new Tally("a", 10, 1));
        assertThat(rows(TenantId.of("nobody"))).isEmpty();
    }

    @Test
    void saysSoWhenItIsUsedOutsideOfABatch() {
        assertThat(after(Scripted.of(UPSERT, "a", 7))).isEqualTo(Map.of("a", 7L));
        ReadModelUpdaterPort<Tally> updater = readModels.updater(Tally.class);

        for (Consumer<ReadModelUpdaterPort<Tally>> use : List.<Consumer<ReadModelUpdaterPort<Tally>>>of(
                rows -> rows.upsert(new Tally("a", 1, 1)),
                rows -> rows.delete("a"),
                rows -> rows.update("a").set("number", 1L),
                rows -> rows.get("a"))) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> use.accept(updater))
                    .withMessageContainingAll("contract_tally", "outside of a batch", "Nothing was written");
        }
        assertThat(numbers()).isEqualTo(Map.of("a", 7L));
    }

    /** What nobody has named. */
    @ReadModel(table = "contract_stranger")
    record Stranger(@Id String key) {}

    @Projection(name = "tallies")
    static final class Careless {
        private final ReadModelUpdaterPort<Stranger> rows;

        Careless(ReadModelUpdaterPort<Stranger> rows) {
            this.rows = rows;
        }

        @EventHandler
        void on(Scripted event) {
            rows.upsert(new Stranger("a"));
        }
    }

    @Test
    void aReadModelThatTheProjectionDoesNotNameParksTheEvent() {
        ProjectionNode node = node();
        AppendResult appended = append("s", Scripted.of(UPSERT, "a", 1));
        node.start(new Careless(node.readModels.updater(Stranger.class)), Tally.class);
        awaitShown(node, appended);

        assertThat(parked())
                .singleElement()
                .extracting(ParkedEvent::error)
                .asInstanceOf(InstanceOfAssertFactories.STRING)
                .contains("contract_stranger", "not one of its own");
    }

    @Test
    void refusesToChangeTheIdAndWhatThereIsNot() {
        ProjectionNode node = node();
        List<String> errors = new CopyOnWriteArrayList<>();
        AppendResult appended = append("s", Scripted.of(UPSERT, "a", 1));
        node.start(new Curious(node.readModels.updater(Tally.class), errors), Tally.class);
        awaitShown(node, appended);

        assertThat(errors)
                .satisfiesExactly(
                        error -> assertThat(error).contains("'key'", "part of its id"),
                        error -> assertThat(error).contains("no component 'colour'", "[key, number, writtenBy]"),
                        error -> assertThat(error).contains("1 components, [key], but 2 values"),
                        error -> assertThat(error).contains("'number'", "java.lang.String"),
                        error -> assertThat(error).contains("'key'", "it is null"));
    }

    @Projection(name = "tallies")
    static final class Curious {
        private final ReadModelUpdaterPort<Tally> rows;
        private final List<String> errors;

        Curious(ReadModelUpdaterPort<Tally> rows, List<String> errors) {
            this.rows = rows;
            this.errors = errors;
        }

        @EventHandler
        @SuppressWarnings("NullAway") // on purpose
        void on(Scripted event) {
            errors.clear();
            for (Runnable attempt : List.<Runnable>of(
                    () -> rows.update("a").set("key", "b"),
                    () -> rows.update("a").set("colour", "red"),
                    () -> rows.get("a", "b"),
                    () -> rows.update("a").set("number", "many"),
                    () -> rows.upsert(new Tally(null, 1, 1)))) {
                try {
                    attempt.run();
                    errors.add("none");
                } catch (RuntimeException e) {
                    errors.add(String.valueOf(e.getMessage()));
                }
            }
            rows.delete("a");
        }
    }
}
