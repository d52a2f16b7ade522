package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.StreamNotFoundException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantId;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What becomes of archived and of deleted streams. */
abstract class LifecycleRules extends StoreRules {

    private static final List<ExpectedVersion> EVERY_KIND = List.of(
            ExpectedVersion.any(),
            ExpectedVersion.noStream(),
            ExpectedVersion.streamExists(),
            ExpectedVersion.exactly(0),
            ExpectedVersion.exactly(1),
            ExpectedVersion.exactly(2));

    LifecycleRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @Test
    void anArchivedStreamRefusesAppendsWhateverTheyExpect() {
        StreamId stream = newStreamOf(2);

        store.archive(stream);

        for (ExpectedVersion expected : EVERY_KIND) {
            assertThatExceptionOfType(StreamArchivedException.class)
                    .isThrownBy(() -> append(stream, expected, noted(3, 3)))
                    .withMessageContaining(stream.toString())
                    .withMessageContaining("Nothing was written")
                    .satisfies(refusal -> assertThat(refusal.stream()).isEqualTo(stream));
        }
        assertStreamHolds(stream, "1", "2");
    }

    @Test
    void anArchivedStreamCanBeLoaded() {
        StreamId stream = newStreamOf(3);

        store.archive(stream);

        assertStreamHolds(stream, "1", "2", "3");
        assertThat(texts(store.load(stream, StreamVersion.of(2)))).containsExactly("2", "3");
        assertThat(texts(store.loadBackward(stream, 2))).containsExactly("3", "2");
    }

    @Test
    void aStreamTakenOutOfTheArchiveAcceptsAppends() {
        StreamId stream = newStreamOf(1);
        store.archive(stream);

        store.unarchive(stream);

        append(stream, ExpectedVersion.exactly(1), noted(2, 2));
        assertStreamHolds(stream, "1", "2");
    }

    @Test
    void archivingAndUnarchivingTwiceChangesNothing() {
        StreamId stream = newStreamOf(1);

        store.unarchive(stream);
        append(stream, ExpectedVersion.exactly(1), noted(2, 2));
        store.archive(stream);
        store.archive(stream);
        assertThatExceptionOfType(StreamArchivedException.class)
                .isThrownBy(() -> append(stream, ExpectedVersion.any(), noted(3, 3)));
        store.unarchive(stream);
        store.unarchive(stream);

        append(stream, ExpectedVersion.exactly(2), noted(3, 3));
        assertStreamHolds(stream, "1", "2", "3");
    }

    @Test
    void aStreamThatWasNeverWrittenCannotBeArchivedOrDeleted() {
        StreamId missing = newStream();

        assertNotFound(missing, () -> store.archive(missing));
        assertNotFound(missing, () -> store.unarchive(missing));
        assertNotFound(missing, () -> store.delete(missing));

        append(missing, ExpectedVersion.noStream(), noted(1, 1));
        assertStreamHolds(missing, "1");
    }

    private static void assertNotFound(StreamId stream, ThrowingCallable call) {
        assertThatExceptionOfType(StreamNotFoundException.class)
                .isThrownBy(call)
                .withMessageContaining(stream.toString())
                .satisfies(missing -> assertThat(missing.stream()).isEqualTo(stream));
    }

    @Test
    void aDeletedStreamCannotBeLoaded() {
        StreamId stream = newStreamOf(2);

        store.delete(stream);

        assertDeleted(stream, () -> store.load(stream));
        assertDeleted(stream, () -> store.load(stream, StreamVersion.of(9)));
        assertDeleted(stream, () -> store.loadBackward(stream, 1));
        assertDeleted(stream, () -> store.currentVersion(stream));
    }

    @Test
    void theIdOfADeletedStreamIsNeverUsedAgain() {
        StreamId stream = newStreamOf(2);
        store.delete(stream);

        for (ExpectedVersion expected : EVERY_KIND) {
            assertDeleted(stream, () -> append(stream, expected, noted(1, 1)));
        }
        assertDeleted(stream, () -> store.archive(stream));
        assertDeleted(stream, () -> store.unarchive(stream));
        store.delete(stream);
        assertDeleted(stream, () -> append(stream, ExpectedVersion.any(), noted(1, 1)));
    }

    private static void assertDeleted(StreamId stream, ThrowingCallable call) {
        assertThatExceptionOfType(StreamDeletedException.class)
                .isThrownBy(call)
                .withMessageContaining(stream.toString())
                .satisfies(deletion -> assertThat(deletion.stream()).isEqualTo(stream));
    }

    @Test
    void anArchivedStreamCanBeDeleted() {
        StreamId stream = newStreamOf(1);
        store.archive(stream);

        store.delete(stream);

        assertDeleted(stream, () -> store.load(stream));
        assertDeleted(stream, () -> append(stream, ExpectedVersion.any(), noted(2, 2)));
    }

    @Test
    void aRetryAfterDeletionIsRefused() {
        StreamId stream = newStream();
        AppendRequest request = AppendRequest.of(stream, ExpectedVersion.any(), noted(1, 2));
        store.append(request);

        store.delete(stream);

        assertDeleted(stream, () -> store.append(request));
    }

    @Test
    void deletionFreesTheEventIds() {
        StreamId deleted = newStream();
        List<NewEvent> events = List.of(note("1"), note("2"));
        append(deleted, ExpectedVersion.any(), events);
        store.delete(deleted);
        StreamId other = newStream();

        assertThat(append(other, ExpectedVersion.any(), events).alreadyRecorded())
                .isFalse();

        assertStreamHolds(other, "1", "2");
    }

    @Test
    void deletionAndArchivingConcernNoOtherStream() {
        StreamId stream = newStreamOf(1);
        StreamId otherType = new StreamId(stream.tenant(), "other", stream.id());
        StreamId otherTenant = stream.inTenant(TenantId.of(stream.id()));
        append(otherType, ExpectedVersion.noStream(), noted(1, 2));
        append(otherTenant, ExpectedVersion.noStream(), noted(1, 2));

        store.archive(stream);
        append(otherType, ExpectedVersion.exactly(2), noted(3, 3));
        append(otherTenant, ExpectedVersion.exactly(2), noted(3, 3));
        store.delete(stream);

        assertDeleted(stream, () -> store.load(stream));
        assertStreamHolds(otherType, "1", "2", "3");
        assertStreamHolds(otherTenant, "1", "2", "3");
    }
}
