package io.eventsourcing.testkit.projection;

import static io.eventsourcing.testkit.projection.Scripted.Op.COUNT;
import static io.eventsourcing.testkit.projection.Scripted.Op.DELETE;
import static io.eventsourcing.testkit.projection.Scripted.Op.FAIL;
import static io.eventsourcing.testkit.projection.Scripted.Op.UPSERT;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.projection.ProjectionMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProjectionFixtureTest {

    private static final StreamId STREAM = StreamId.of("script", "a");

    private static ProjectionFixture fixture(ProjectionMode mode, boolean isBroken) {
        return ProjectionFixture.inMemory(
                Scripted.serialization(),
                readModels -> {
                    Tallies tallies = tallies(mode, readModels.updater(Tally.class));
                    tallies.isBroken.set(isBroken);
                    return tallies;
                },
                Tally.class);
    }

    private static Tallies tallies(ProjectionMode mode, ReadModelUpdaterPort<Tally> rows) {
        return switch (mode) {
            case ASYNC -> new Tallies.ByStream(rows);
            case INLINE -> new Tallies.Inline(rows);
            case LIVE -> new Tallies.Live(rows);
        };
    }

    @ParameterizedTest
    @EnumSource
    void comparesAllRowsAsOftenAsIsAsked(ProjectionMode mode) {
        fixture(mode, false)
                .then(Tally.class)
                .given(STREAM, Scripted.of(UPSERT, "x", 7), Scripted.of(COUNT, "y", 0))
                .then(Tally.class, new Tally("x", 7, 1), new Tally("y", 1, 1))
                .given(STREAM, Scripted.of(DELETE, "x", 0), Scripted.of(COUNT, "y", 0))
                .then(Tally.class, new Tally("y", 2, 1));
    }

    @ParameterizedTest
    @EnumSource
    void failsOnAnyOtherRow(ProjectionMode mode) {
        ProjectionFixture fixture =
                fixture(mode, false).given(STREAM, Scripted.of(UPSERT, "x", 7).and(UPSERT, "y", 8));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> fixture.then(Tally.class, new Tally("x", 7, 1)))
                .withMessageContainingAll("[the rows of Tally]", "Tally[key=y, number=8, writtenBy=1]", "not expected");
    }

    @Test
    void failsOnAnEventThatCannotBeHandled() {
        ProjectionFixture fixture = fixture(ProjectionMode.ASYNC, true).given(STREAM, Scripted.of(FAIL, "x", 0));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> fixture.then(Tally.class))
                .withMessageContainingAll("'tallies' could not handle the event at position 1", "a defect");
    }
}
