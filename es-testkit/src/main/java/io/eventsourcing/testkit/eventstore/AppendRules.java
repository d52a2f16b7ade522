package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Appends to one stream: expected versions, what is written, and what the result says. */
abstract class AppendRules extends StoreRules {

    AppendRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @Test
    void writesTheEventsInTheirOrder() {
        StreamId stream = newStream();

        append(stream, ExpectedVersion.any(), noted(1, 3));
        append(stream, ExpectedVersion.any(), noted(4, 5));

        assertStreamHolds(stream, "1", "2", "3", "4", "5");
    }

    @Test
    void answersWithTheStreamsNewVersionAndThePositionOfEachEvent() {
        StreamId stream = newStreamOf(2);

        AppendResult result = append(stream, ExpectedVersion.any(), noted(3, 5));

        assertThat(result.stream()).isEqualTo(stream);
        assertThat(result.version()).isEqualTo(StreamVersion.of(5));
        assertThat(result.alreadyRecorded()).isFalse();
        assertThat(store.load(stream, StreamVersion.of(3)).stream().map(RecordedEvent::position))
                .hasSize(3)
                .containsExactlyElementsOf(result.positions());
    }

    @Test
    void givesPositionsThatRiseWithinAnAppendAndFromOneToTheNext() {
        StreamId one = newStreamOf(2);
        StreamId other = newStreamOf(3);
        append(one, ExpectedVersion.any(), noted(3, 4));

        List<GlobalPosition> first = positions(one);
        List<GlobalPosition> second = positions(other);

        assertThat(List.of(
                        first.get(0),
                        first.get(1),
                        second.get(0),
                        second.get(1),
                        second.get(2),
                        first.get(2),
                        first.get(3)))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private List<GlobalPosition> positions(StreamId stream) {
        return store.load(stream).stream().map(RecordedEvent::position).toList();
    }

    @Test
    void anyVersionIsMetByAMissingAndByAnExistingStream() {
        StreamId stream = newStream();

        assertAccepted(stream, ExpectedVersion.any());
        assertAccepted(stream, ExpectedVersion.any());
    }

    @Test
    void noStreamIsMetByAMissingStream() {
        assertAccepted(newStream(), ExpectedVersion.noStream());
    }

    @Test
    void noStreamIsNotMetByAnExistingStream() {
        assertRefused(newStreamOf(1), ExpectedVersion.noStream());
    }

    @Test
    void streamExistsIsMetByAnExistingStream() {
        assertAccepted(newStreamOf(2), ExpectedVersion.streamExists());
    }

    @Test
    void streamExistsIsNotMetByAMissingStream() {
        StreamId missing = newStream();

        assertRefused(missing, ExpectedVersion.streamExists());

        assertThat(append(missing, ExpectedVersion.any(), noted(1, 1)).version())
                .isEqualTo(StreamVersion.FIRST);
    }

    @Test
    void anExactVersionIsMetByThatVersion() {
        assertAccepted(newStreamOf(3), ExpectedVersion.exactly(3));
    }

    @Test
    void theExactVersionZeroIsMetByAMissingStream() {
        assertAccepted(newStream(), ExpectedVersion.exactly(0));
    }

    @Test
    void anExactVersionIsNotMetByAStreamThatMovedOn() {
        assertRefused(newStreamOf(3), ExpectedVersion.exactly(2));
        assertRefused(newStreamOf(1), ExpectedVersion.exactly(0));
    }

    @Test
    void anExactVersionIsNotMetByAStreamThatIsNotThatFar() {
        assertRefused(newStreamOf(3), ExpectedVersion.exactly(4));
        assertRefused(newStream(), ExpectedVersion.exactly(1));
    }

    private void assertAccepted(StreamId stream, ExpectedVersion expected) {
        long before = store.currentVersion(stream).value();

        AppendResult result = append(stream, expected, noted(1, 2));

        assertThat(result.version()).isEqualTo(StreamVersion.of(before + 2));
        assertThat(store.load(stream).toList()).hasSize((int) before + 2);
    }

    private void assertRefused(StreamId stream, ExpectedVersion expected) {
        List<RecordedEvent> before = store.load(stream).toList();

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> append(stream, expected, noted(1, 2)));

        assertThat(store.load(stream).toList()).isEqualTo(before);
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(before.size()));
    }

    @Test
    void aConflictSaysWhichStreamWhatWasExpectedWhatItIsAtAndThatNothingWasWritten() {
        StreamId stream = newStreamOf(7);

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> append(stream, ExpectedVersion.exactly(5), noted(6, 6)))
                .withMessageContaining("'contract-" + stream.id() + "' is at version 7")
                .withMessageContaining("expected version 5")
                .withMessageContaining("No events were written")
                .satisfies(conflict -> {
                    assertThat(conflict.stream()).isEqualTo(stream);
                    assertThat(conflict.expected()).isEqualTo(ExpectedVersion.exactly(5));
                    assertThat(conflict.actual()).isEqualTo(StreamVersion.of(7));
                });
    }

    @Test
    void whoLostAConflictCanReloadAndAppend() {
        StreamId stream = newStreamOf(1);
        assertRefused(stream, ExpectedVersion.exactly(0));

        append(stream, ExpectedVersion.exactly(store.load(stream).version()), noted(2, 2));

        assertStreamHolds(stream, "1", "2");
    }

    @Test
    void writesManyEventsAtOnce() {
        StreamId stream = newStream();

        AppendResult result = append(stream, ExpectedVersion.noStream(), noted(1, 1_000));

        assertThat(result.positions()).hasSize(1_000).isSorted().doesNotHaveDuplicates();
        assertThat(store.load(stream).stream().map(event -> ((ContractEvent.Noted) event.payload()).text()))
                .hasSize(1_000)
                .startsWith("1", "2", "3")
                .endsWith("999", "1000");
    }
}
