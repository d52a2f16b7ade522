package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Snapshots that commit with an append: written with its events, and never without them. */
abstract class SnapshotAppendRules extends StoreRules {

    SnapshotAppendRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    private AppendRequest request(StreamId stream, ExpectedVersion expected, String state) {
        return AppendRequest.of(stream, expected, noted(1, 2)).withSnapshot(new Tally(state));
    }

    private void assertLatest(StreamId stream, long version, String texts) {
        assertThat(snapshots.latest(stream, Tally.class))
                .contains(new Snapshot<>(stream, StreamVersion.of(version), new Tally(texts)));
    }

    @Test
    void keepsTheSnapshotAtTheVersionAfterTheEvents() {
        StreamId created = newStream();
        StreamId existing = newStreamOf(3);

        store.append(request(created, ExpectedVersion.noStream(), "new"));
        store.append(request(existing, ExpectedVersion.exactly(3), "old"));

        assertLatest(created, 2, "new");
        assertLatest(existing, 5, "old");
        assertThat(store.loadWithSnapshot(existing, Tally.class).events().toList())
                .isEmpty();
        assertThat(Tally.of(store.loadWithSnapshot(existing, Tally.class))).isEqualTo(new Tally("old"));
    }

    @Test
    void keepsASnapshotForEachOfSeveralStreams() {
        StreamId one = newStream();
        StreamId other = newStreamOf(1);
        StreamId without = newStream();

        store.appendAll(List.of(
                request(one, ExpectedVersion.noStream(), "one"),
                AppendRequest.of(without, ExpectedVersion.noStream(), noted(1, 1)),
                request(other, ExpectedVersion.exactly(1), "other")));

        assertLatest(one, 2, "one");
        assertLatest(other, 3, "other");
        assertThat(snapshots.latest(without, Tally.class)).isEmpty();
    }

    @Test
    void keepsNoSnapshotWhenTheAppendConflicts() {
        StreamId stream = newStream();
        store.append(request(stream, ExpectedVersion.noStream(), "first"));

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> store.append(request(stream, ExpectedVersion.exactly(1), "conflict")));

        assertLatest(stream, 2, "first");
        assertStreamHolds(stream, "1", "2");
    }

    @Test
    void keepsNoSnapshotWhenAnotherStreamConflicts() {
        StreamId free = newStream();
        store.append(request(free, ExpectedVersion.noStream(), "first"));
        StreamId moved = newStreamOf(1);

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> store.appendAll(List.of(
                        request(free, ExpectedVersion.exactly(2), "second"),
                        request(moved, ExpectedVersion.noStream(), "conflict"))));

        assertLatest(free, 2, "first");
        assertThat(snapshots.latest(moved, Tally.class)).isEmpty();
    }

    @Test
    void keepsNoSnapshotOfARetry() {
        StreamId stream = newStream();
        AppendRequest request = request(stream, ExpectedVersion.noStream(), "first");
        AppendResult original = store.append(request);
        snapshots.deleteAll(stream);

        AppendResult retried = store.append(request);

        assertThat(retried.alreadyRecorded()).isTrue();
        assertThat(retried.positions()).isEqualTo(original.positions());
        assertThat(snapshots.latest(stream, Tally.class)).isEmpty();
        assertStreamHolds(stream, "1", "2");
    }

    @Test
    void writesNothingWhenTheSnapshotCannotBeWritten() {
        StreamId stream = newStreamOf(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.append(AppendRequest.of(stream, ExpectedVersion.exactly(1), noted(2, 2))
                        .withSnapshot("a bare text")))
                .withMessageContaining("java.lang.String");

        assertStreamHolds(stream, "1");
    }
}
