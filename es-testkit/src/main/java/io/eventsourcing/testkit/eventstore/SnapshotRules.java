package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.event.SnapshotAndEvents;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.PayloadNotWritableException;
import io.eventsourcing.core.serialization.PayloadTooLargeException;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotAheadOfStreamException;
import io.eventsourcing.core.snapshot.SnapshotType;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Snapshots that are saved on their own: which is kept, which is refused, and what is loaded with it. */
abstract class SnapshotRules extends StoreRules {

    SnapshotRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @SnapshotType("contract-balance")
    record Balance(BigDecimal amount) {}

    private void save(StreamId stream, long version, String texts) {
        snapshots.save(tally(stream, version, texts));
    }

    private static Snapshot<Tally> tally(StreamId stream, long version, String texts) {
        return new Snapshot<>(stream, StreamVersion.of(version), new Tally(texts));
    }

    private void assertLatest(StreamId stream, long version, String texts) {
        assertThat(snapshots.latest(stream, Tally.class)).contains(tally(stream, version, texts));
    }

    private void assertRebuiltFromAllEvents(StreamId stream, String... texts) {
        SnapshotAndEvents<Tally> loaded = store.loadWithSnapshot(stream, Tally.class);
        assertThat(loaded.snapshot()).isEmpty();
        assertThat(texts(loaded.events())).containsExactly(texts);
    }

    @Test
    void loadsTheSnapshotAndTheEventsAfterIt() {
        StreamId stream = newStreamOf(5);
        save(stream, 3, "abc");

        SnapshotAndEvents<Tally> loaded = store.loadWithSnapshot(stream, Tally.class);

        assertThat(loaded.snapshot()).contains(tally(stream, 3, "abc"));
        assertThat(texts(loaded.events())).containsExactly("4", "5");
        assertThat(loaded.version()).isEqualTo(StreamVersion.of(5));
        assertThat(Tally.of(loaded)).isEqualTo(new Tally("abc45"));
    }

    @Test
    void loadsAllEventsOfAStreamWithoutSnapshot() {
        StreamId stream = newStreamOf(2);

        assertRebuiltFromAllEvents(stream, "1", "2");
        assertThat(store.loadWithSnapshot(stream, Tally.class).version()).isEqualTo(StreamVersion.of(2));
        assertThat(snapshots.latest(stream, Tally.class)).isEmpty();
    }

    @Test
    void loadsNoEventsAfterASnapshotAtTheEndAndStillTellsTheVersion() {
        StreamId stream = newStreamOf(2);
        save(stream, 2, "ab");

        SnapshotAndEvents<Tally> loaded = store.loadWithSnapshot(stream, Tally.class);

        assertThat(loaded.events().toList()).isEmpty();
        assertThat(loaded.version()).isEqualTo(StreamVersion.of(2));
        append(stream, ExpectedVersion.exactly(loaded.version()), noted(3, 3));
        assertThat(Tally.of(store.loadWithSnapshot(stream, Tally.class))).isEqualTo(new Tally("ab3"));
    }

    @Test
    void loadsAStreamThatWasNeverWrittenAsEmpty() {
        StreamId written = newStreamOf(1);
        save(written, 1, "a");
        StreamId missing = newStream();

        SnapshotAndEvents<Tally> loaded = store.loadWithSnapshot(missing, Tally.class);

        assertThat(loaded.snapshot()).isEmpty();
        assertThat(loaded.events().toList()).isEmpty();
        assertThat(loaded.version()).isEqualTo(StreamVersion.NONE);
        assertThat(snapshots.latest(missing, Tally.class)).isEmpty();
        assertLatest(written, 1, "a");
    }

    @Test
    void keepsTheLaterOfTwoSnapshotsWhicheverIsSavedFirst() {
        StreamId stream = newStreamOf(5);

        save(stream, 2, "two");
        assertLatest(stream, 2, "two");
        save(stream, 4, "four");
        assertLatest(stream, 4, "four");
        save(stream, 3, "three");
        assertLatest(stream, 4, "four");
    }

    @Test
    void replacesASnapshotOfTheSameVersion() {
        StreamId stream = newStreamOf(2);

        save(stream, 2, "first");
        save(stream, 2, "second");

        assertLatest(stream, 2, "second");
    }

    @Test
    void keepsTheLatestOfSnapshotsThatAreSavedAtTheSameTime() {
        StreamId stream = newStreamOf(8);

        Together.run(8, thread -> {
                    save(stream, thread + 1, "at " + (thread + 1));
                    return thread;
                })
                .forEach(Together.Outcome::valueOrThrow);

        assertLatest(stream, 8, "at 8");
    }

    @Test
    void refusesASnapshotAheadOfItsStream() {
        StreamId stream = newStreamOf(2);
        save(stream, 1, "a");

        assertThatExceptionOfType(SnapshotAheadOfStreamException.class)
                .isThrownBy(() -> save(stream, 3, "ahead"))
                .withMessageContaining(stream.toString())
                .withMessageContaining("claims version 3")
                .withMessageContaining("at version 2");
        assertThatExceptionOfType(SnapshotAheadOfStreamException.class)
                .isThrownBy(() -> save(newStream(), 1, "ahead"))
                .withMessageContaining("at version 0");

        append(stream, ExpectedVersion.any(), noted(3, 3));
        assertLatest(stream, 1, "a");
    }

    @Test
    void keepsSnapshotsOfSeveralStateClassesApart() {
        StreamId stream = newStreamOf(3);
        Snapshot<Balance> balance = new Snapshot<>(stream, StreamVersion.of(2), new Balance(new BigDecimal("1.50")));

        save(stream, 3, "abc");
        snapshots.save(balance);

        assertLatest(stream, 3, "abc");
        assertThat(snapshots.latest(stream, Balance.class)).contains(balance);
    }

    @Test
    void keepsAnyTextInAState() {
        StreamId stream = newStreamOf(1);

        for (String text : Texts.UNUSUAL) {
            save(stream, 1, text);
            assertLatest(stream, 1, text);
        }
    }

    @Test
    void deletesAllSnapshotsOfAStreamAndNoOthers() {
        StreamId stream = newStreamOf(2);
        StreamId other = newStreamOf(2);
        save(stream, 2, "ab");
        snapshots.save(new Snapshot<>(stream, StreamVersion.FIRST, new Balance(BigDecimal.ONE)));
        save(other, 2, "ab");

        snapshots.deleteAll(stream);
        snapshots.deleteAll(newStream());

        assertRebuiltFromAllEvents(stream, "1", "2");
        assertThat(snapshots.latest(stream, Balance.class)).isEmpty();
        assertLatest(other, 2, "ab");
        save(stream, 1, "a");
        assertLatest(stream, 1, "a");
    }

    @Test
    void loadsAnArchivedStreamWithItsSnapshot() {
        StreamId stream = newStreamOf(2);
        save(stream, 1, "a");

        store.archive(stream);

        assertThat(Tally.of(store.loadWithSnapshot(stream, Tally.class))).isEqualTo(new Tally("a2"));
    }

    @Test
    void losesTheSnapshotsOfADeletedStream() {
        StreamId stream = newStreamOf(2);
        save(stream, 2, "ab");

        store.delete(stream);

        assertThat(snapshots.latest(stream, Tally.class)).isEmpty();
        assertThatExceptionOfType(StreamDeletedException.class)
                .isThrownBy(() -> store.loadWithSnapshot(stream, Tally.class));
        assertThatExceptionOfType(StreamDeletedException.class).isThrownBy(() -> save(stream, 2, "ab"));
        assertThat(snapshots.latest(stream, Tally.class)).isEmpty();
    }

    @Test
    void refusesAStateThatCannotBeStored() {
        StreamId stream = newStreamOf(2);
        save(stream, 1, "a");
        reopen(ContractEvent.serializationBuilder().maxPayloadBytes(100).build());

        assertThatExceptionOfType(PayloadNotWritableException.class)
                .isThrownBy(() -> save(stream, 2, Secret.TEXT + "\u0000"))
                .satisfies(Secret::isNotIn);
        assertThatExceptionOfType(PayloadTooLargeException.class)
                .isThrownBy(() -> save(stream, 2, Secret.TEXT.repeat(10)))
                .satisfies(Secret::isNotIn);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> snapshots.save(new Snapshot<>(stream, StreamVersion.of(2), "a bare text")))
                .withMessageContaining("java.lang.String");

        assertLatest(stream, 1, "a");
    }

    @Test
    void refusesToLoadAStateWithoutAName() {
        StreamId stream = newStreamOf(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.loadWithSnapshot(stream, String.class))
                .withMessageContaining("java.lang.String");
        assertThatIllegalArgumentException().isThrownBy(() -> snapshots.latest(stream, String.class));
    }

    @Test
    void ignoresASnapshotThatDoesNotFitItsClass() {
        StreamId stream = newStreamOf(3);
        VersionedType sameType = new VersionedType("contract-tally", 1);
        reopen(ContractEvent.serializationBuilder()
                .snapshotType(sameType, Balance.class)
                .build());
        snapshots.save(new Snapshot<>(stream, StreamVersion.of(2), new Balance(BigDecimal.ONE)));
        assertThat(snapshots.latest(stream, Balance.class)).isPresent();

        reopen(ContractEvent.serializationBuilder()
                .snapshotType(sameType, Numbered.class)
                .build());

        assertThat(snapshots.latest(stream, Numbered.class)).isEmpty();
        assertThat(texts(store.loadWithSnapshot(stream, Numbered.class).events()))
                .containsExactly("1", "2", "3");
    }

    record Numbered(int number) {}

    @Test
    void encodesSnapshotsAndIgnoresThoseThatItCannotDecode() {
        StreamId stream = newStreamOf(3);
        reopen(ContractEvent.serializationBuilder()
                .codecs(List.of(Cipher.forAll()))
                .build());
        save(stream, 2, "ab");
        assertLatest(stream, 2, "ab");

        reopen(ContractEvent.serialization());

        assertRebuiltFromAllEvents(stream, "1", "2", "3");
    }
}
