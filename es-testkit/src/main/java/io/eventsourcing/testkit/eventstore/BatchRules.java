package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.UnregisteredEventClassException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantId;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Appends to several streams: all of them or none. */
abstract class BatchRules extends StoreRules {

    BatchRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    private static AppendRequest request(StreamId stream, ExpectedVersion expected, String... texts) {
        return AppendRequest.of(
                stream, expected, Stream.of(texts).map(StoreRules::note).toList());
    }

    @Test
    void writesToEveryStreamAndAnswersInTheOrderOfTheRequests() {
        StreamId first = newStreamOf(1);
        StreamId second = newStream();

        List<AppendResult> results = store.appendAll(List.of(
                request(second, ExpectedVersion.noStream(), "a", "b"),
                request(first, ExpectedVersion.exactly(1), "2")));

        assertThat(results).extracting(AppendResult::stream).containsExactly(second, first);
        assertThat(results).extracting(AppendResult::version).containsExactly(StreamVersion.of(2), StreamVersion.of(2));
        assertStreamHolds(first, "1", "2");
        assertStreamHolds(second, "a", "b");
    }

    @Test
    void givesPositionsThatRiseInTheOrderOfTheRequests() {
        StreamId first = newStream();
        StreamId second = newStream();
        StreamId third = newStream();

        List<AppendResult> results = store.appendAll(List.of(
                request(third, ExpectedVersion.any(), "a", "b"),
                request(first, ExpectedVersion.any(), "c"),
                request(second, ExpectedVersion.any(), "d", "e")));

        List<GlobalPosition> answered =
                results.stream().flatMap(result -> result.positions().stream()).toList();
        List<GlobalPosition> loaded = Stream.of(third, first, second)
                .flatMap(stream -> store.load(stream).stream())
                .map(RecordedEvent::position)
                .toList();
        assertThat(loaded).hasSize(5).isSorted().doesNotHaveDuplicates().isEqualTo(answered);
    }

    @Test
    void recordsAllAtOneMoment() {
        StreamId first = newStream();
        StreamId second = newStream();

        store.appendAll(
                List.of(request(first, ExpectedVersion.any(), "a", "b"), request(second, ExpectedVersion.any(), "c")));

        assertThat(Stream.of(first, second).flatMap(stream -> store.load(stream).stream()))
                .hasSize(3)
                .extracting(RecordedEvent::recordedAt)
                .containsOnly(store.load(first).toList().get(0).recordedAt());
    }

    @Test
    void writesNothingWhenALaterRequestConflicts() {
        StreamId free = newStreamOf(1);
        StreamId moved = newStreamOf(2);

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> store.appendAll(List.of(
                        request(free, ExpectedVersion.exactly(1), "2"),
                        request(moved, ExpectedVersion.exactly(1), "2"))))
                .satisfies(conflict -> assertThat(conflict.stream()).isEqualTo(moved));

        assertStreamHolds(free, "1");
        assertStreamHolds(moved, "1", "2");
    }

    @Test
    void writesNothingWhenALaterStreamIsArchived() {
        StreamId free = newStreamOf(1);
        StreamId archived = newStreamOf(1);
        store.archive(archived);

        assertThatExceptionOfType(StreamArchivedException.class)
                .isThrownBy(() -> store.appendAll(List.of(
                        request(free, ExpectedVersion.any(), "2"), request(archived, ExpectedVersion.any(), "2"))))
                .satisfies(refusal -> assertThat(refusal.stream()).isEqualTo(archived));

        assertStreamHolds(free, "1");
        assertStreamHolds(archived, "1");
    }

    @Test
    void writesNothingWhenALaterStreamWasDeleted() {
        StreamId free = newStreamOf(1);
        StreamId deleted = newStreamOf(1);
        store.delete(deleted);

        assertThatExceptionOfType(StreamDeletedException.class)
                .isThrownBy(() -> store.appendAll(List.of(
                        request(free, ExpectedVersion.any(), "2"), request(deleted, ExpectedVersion.any(), "2"))))
                .satisfies(refusal -> assertThat(refusal.stream()).isEqualTo(deleted));

        assertStreamHolds(free, "1");
    }

    @Test
    void writesNothingWhenALaterEventCannotBeWritten() {
        StreamId stream = newStreamOf(1);

        assertThatExceptionOfType(UnregisteredEventClassException.class)
                .isThrownBy(() -> store.appendAll(List.of(
                        request(stream, ExpectedVersion.any(), "2"),
                        AppendRequest.of(newStream(), ExpectedVersion.any(), "a bare text is no registered event"))));

        assertStreamHolds(stream, "1");
    }

    @Test
    void namesTheFirstRequestThatWasRefused() {
        StreamId moved = newStreamOf(2);
        StreamId archived = newStreamOf(1);
        store.archive(archived);

        assertThatExceptionOfType(StreamArchivedException.class)
                .isThrownBy(() -> store.appendAll(List.of(
                        request(newStream(), ExpectedVersion.any(), "1"),
                        request(archived, ExpectedVersion.any(), "2"),
                        request(moved, ExpectedVersion.exactly(1), "2"))));
        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> store.appendAll(List.of(
                        request(newStream(), ExpectedVersion.any(), "1"),
                        request(moved, ExpectedVersion.exactly(1), "2"),
                        request(archived, ExpectedVersion.any(), "2"))));
    }

    @Test
    void acknowledgesTheRequestsThatWereRecordedAndWritesTheOthers() {
        StreamId recorded = newStream();
        StreamId other = newStreamOf(1);
        AppendRequest earlier = request(recorded, ExpectedVersion.noStream(), "a", "b");
        AppendResult original = store.append(earlier);

        List<AppendResult> results = store.appendAll(List.of(earlier, request(other, ExpectedVersion.exactly(1), "2")));

        assertThat(results.get(0).alreadyRecorded()).isTrue();
        assertThat(results.get(0).positions()).isEqualTo(original.positions());
        assertThat(results.get(1).alreadyRecorded()).isFalse();
        assertStreamHolds(recorded, "a", "b");
        assertStreamHolds(other, "1", "2");
    }

    @Test
    void refusesAnAppendWithoutRequests() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.appendAll(List.of()));
    }

    @Test
    void refusesOneStreamInTwoRequests() {
        StreamId stream = newStreamOf(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.appendAll(List.of(
                        request(stream, ExpectedVersion.any(), "2"), request(stream, ExpectedVersion.any(), "3"))))
                .withMessageContaining(stream.toString());

        assertStreamHolds(stream, "1");
    }

    @Test
    void refusesOneEventIdInTwoRequests() {
        StreamId first = newStreamOf(1);
        StreamId second = newStreamOf(1);
        NewEvent event = note("2");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.appendAll(List.of(
                        AppendRequest.of(first, ExpectedVersion.any(), List.of(event)),
                        AppendRequest.of(second, ExpectedVersion.any(), List.of(event)))))
                .withMessageContaining(event.id().toString());

        assertStreamHolds(first, "1");
        assertStreamHolds(second, "1");
    }

    @Test
    void refusesStreamsOfSeveralTenants() {
        StreamId own = newStreamOf(1);
        StreamId foreign = own.inTenant(TenantId.of("another"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.appendAll(List.of(
                        request(own, ExpectedVersion.any(), "2"), request(foreign, ExpectedVersion.any(), "2"))))
                .withMessageContaining("another");

        assertStreamHolds(own, "1");
        assertThat(store.exists(foreign)).isFalse();
    }

    @Test
    void writesToManyStreamsAtOnce() {
        List<StreamId> streams =
                Stream.generate(StoreRules::newStream).limit(200).toList();

        store.appendAll(streams.stream()
                .map(stream -> request(stream, ExpectedVersion.noStream(), stream.id()))
                .toList());

        streams.forEach(stream -> assertStreamHolds(stream, stream.id()));
    }
}
