package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.DuplicateEventIdException;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.testkit.eventstore.ContractEvent.Counted;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Appends whose event ids are recorded already: a retry is acknowledged and writes nothing, everything else is refused. */
abstract class RetryRules extends StoreRules {

    RetryRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @Test
    void acknowledgesARetryThatExpectedAnyVersionOfAMissingStream() {
        assertRetryIsAcknowledged(newStream(), ExpectedVersion.any());
    }

    @Test
    void acknowledgesARetryThatExpectedAnyVersionOfAnExistingStream() {
        assertRetryIsAcknowledged(newStreamOf(2), ExpectedVersion.any());
    }

    @Test
    void acknowledgesARetryThatExpectedNoStream() {
        assertRetryIsAcknowledged(newStream(), ExpectedVersion.noStream());
    }

    @Test
    void acknowledgesARetryThatExpectedAnExistingStream() {
        assertRetryIsAcknowledged(newStreamOf(2), ExpectedVersion.streamExists());
    }

    @Test
    void acknowledgesARetryThatExpectedAnExactVersion() {
        assertRetryIsAcknowledged(newStream(), ExpectedVersion.exactly(0));
        assertRetryIsAcknowledged(newStreamOf(2), ExpectedVersion.exactly(2));
    }

    private void assertRetryIsAcknowledged(StreamId stream, ExpectedVersion expected) {
        AppendRequest request = AppendRequest.of(stream, expected, noted(1, 3));
        AppendResult original = store.append(request);
        List<?> recorded = store.load(stream).toList();

        assertThat(store.append(request)).isEqualTo(acknowledged(original));
        assertThat(store.append(request)).isEqualTo(acknowledged(original));

        assertThat(store.load(stream).toList()).isNotEmpty().isEqualTo(recorded);
    }

    private static AppendResult acknowledged(AppendResult original) {
        return new AppendResult(original.stream(), original.version(), original.positions(), true);
    }

    @Test
    void acknowledgesARetryAfterTheStreamMovedOnAtTheVersionThatItWrote() {
        StreamId stream = newStream();
        AppendRequest request = AppendRequest.of(stream, ExpectedVersion.noStream(), noted(1, 2));
        AppendResult original = store.append(request);
        append(stream, ExpectedVersion.any(), noted(3, 5));

        assertThat(store.append(request)).isEqualTo(acknowledged(original));

        assertStreamHolds(stream, "1", "2", "3", "4", "5");
    }

    @Test
    void acknowledgesARetryAfterTheStreamWasArchived() {
        StreamId stream = newStream();
        AppendRequest request = AppendRequest.of(stream, ExpectedVersion.any(), noted(1, 2));
        AppendResult original = store.append(request);
        store.archive(stream);

        assertThat(store.append(request)).isEqualTo(acknowledged(original));

        assertStreamHolds(stream, "1", "2");
    }

    @Test
    void acknowledgesARetryWhateverItExpectsNow() {
        StreamId stream = newStreamOf(1);
        List<NewEvent> events = List.of(note("2"), note("3"));
        AppendResult original = append(stream, ExpectedVersion.exactly(1), events);

        assertThat(append(stream, ExpectedVersion.exactly(9), events)).isEqualTo(acknowledged(original));
        assertThat(append(stream, ExpectedVersion.noStream(), events)).isEqualTo(acknowledged(original));

        assertStreamHolds(stream, "1", "2", "3");
    }

    @Test
    void keepsWhatTheFirstAttemptWrote() {
        StreamId stream = newStream();
        NewEvent first = note("first");
        append(stream, ExpectedVersion.any(), List.of(first));

        append(stream, ExpectedVersion.any(), List.of(note("second").withId(first.id())));

        assertStreamHolds(stream, "first");
    }

    @Test
    void acknowledgesConsecutiveEventsOfSeveralAppends() {
        StreamId stream = newStream();
        NewEvent one = note("1");
        NewEvent two = note("2");
        NewEvent three = note("3");
        AppendResult start = append(stream, ExpectedVersion.any(), List.of(one, two));
        AppendResult end = append(stream, ExpectedVersion.any(), List.of(three));

        AppendResult retried = append(stream, ExpectedVersion.any(), List.of(two, three));

        assertThat(retried.alreadyRecorded()).isTrue();
        assertThat(retried.version()).isEqualTo(StreamVersion.of(3));
        assertThat(retried.positions())
                .containsExactly(start.positions().get(1), end.positions().get(0));
        assertStreamHolds(stream, "1", "2", "3");
    }

    @Test
    void refusesARecordedEventTogetherWithANewOne() {
        StreamId stream = newStreamOf(1);
        NewEvent recorded = note("2");
        append(stream, ExpectedVersion.any(), List.of(recorded));

        assertRefused(stream, List.of(recorded, note("new")), recorded, 2, stream);
        assertRefused(stream, List.of(note("new"), recorded), recorded, 2, stream);

        assertStreamHolds(stream, "1", "2");
    }

    @Test
    void refusesRecordedEventsInAnotherOrder() {
        StreamId stream = newStream();
        NewEvent one = note("1");
        NewEvent two = note("2");
        append(stream, ExpectedVersion.any(), List.of(one, two));

        assertRefused(stream, List.of(two, one), two, 2, stream);

        assertStreamHolds(stream, "1", "2");
    }

    @Test
    void refusesRecordedEventsWithOneBetweenThemLeftOut() {
        StreamId stream = newStream();
        NewEvent one = note("1");
        NewEvent three = note("3");
        append(stream, ExpectedVersion.any(), List.of(one, note("2"), three));

        assertRefused(stream, List.of(one, three), one, 1, stream);

        assertStreamHolds(stream, "1", "2", "3");
    }

    @Test
    void refusesAnEventIdOfAnotherStream() {
        StreamId stream = newStreamOf(1);
        StreamId other = newStreamOf(2);
        NewEvent recorded = note("3");
        append(other, ExpectedVersion.any(), List.of(recorded));

        assertRefused(stream, List.of(recorded), recorded, 3, other);
        assertRefused(newStream(), List.of(recorded, note("new")), recorded, 3, other);

        assertStreamHolds(stream, "1");
        assertStreamHolds(other, "1", "2", "3");
    }

    @Test
    void refusesAnEventIdThatIsRecordedAsAnotherType() {
        StreamId stream = newStream();
        NewEvent recorded = note("1");
        append(stream, ExpectedVersion.any(), List.of(recorded));

        assertRefused(stream, List.of(NewEvent.of(new Counted(1)).withId(recorded.id())), recorded, 1, stream);

        assertStreamHolds(stream, "1");
    }

    @Test
    void looksForEventIdsBeforeItLooksAtTheStream() {
        StreamId archived = newStream();
        NewEvent recorded = note("1");
        append(archived, ExpectedVersion.any(), List.of(recorded));
        store.archive(archived);
        StreamId deleted = newStreamOf(1);
        store.delete(deleted);

        assertRefused(archived, List.of(recorded, note("new")), recorded, 1, archived);
        assertRefused(deleted, List.of(recorded), recorded, 1, archived);
    }

    private void assertRefused(
            StreamId stream, List<NewEvent> events, NewEvent recorded, long version, StreamId recordedIn) {
        assertThatExceptionOfType(DuplicateEventIdException.class)
                .isThrownBy(() -> append(stream, ExpectedVersion.any(), events))
                .withMessageContaining(stream.toString())
                .withMessageContaining(
                        recorded.id() + " is recorded at version " + version + " of stream " + recordedIn)
                .withMessageContaining("No events were written");
    }

    @Test
    void refusesARepeatedEventIdInALaterRequestAndWritesNothing() {
        StreamId free = newStreamOf(1);
        StreamId stream = newStream();
        NewEvent recorded = note("1");
        append(stream, ExpectedVersion.any(), List.of(recorded));

        assertThatExceptionOfType(DuplicateEventIdException.class)
                .isThrownBy(() -> store.appendAll(List.of(
                        AppendRequest.of(free, ExpectedVersion.any(), List.of(note("2"))),
                        AppendRequest.of(stream, ExpectedVersion.any(), List.of(note("2"), recorded)))));

        assertStreamHolds(free, "1");
        assertStreamHolds(stream, "1");
    }
}
