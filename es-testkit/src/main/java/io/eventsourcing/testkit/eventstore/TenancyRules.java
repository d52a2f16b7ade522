package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.DuplicateEventIdException;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.StreamNotFoundException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotAheadOfStreamException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Streams, event ids and snapshots of several tenants, all with the same names. */
abstract class TenancyRules extends StoreRules {

    private final TenantId alice = TenantId.of("alice-" + UUID.randomUUID());
    private final TenantId bob = TenantId.of("bob-" + UUID.randomUUID());
    private final StreamId ofAlice = newStream().inTenant(alice);
    private final StreamId ofBob = ofAlice.inTenant(bob);

    TenancyRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @Test
    void streamsOfOneNameAreDifferentStreams() {
        append(ofAlice, ExpectedVersion.noStream(), noted(1, 3));

        append(ofBob, ExpectedVersion.noStream(), noted(7, 7));

        assertStreamHolds(ofAlice, "1", "2", "3");
        assertStreamHolds(ofBob, "7");
        assertThat(store.load(ofBob).stream().map(RecordedEvent::stream)).containsExactly(ofBob);
        assertThat(texts(store.loadBackward(ofAlice, 10))).containsExactly("3", "2", "1");
    }

    @Test
    void aTenantSeesNothingOfWhatIsAnothers() {
        append(ofAlice, ExpectedVersion.noStream(), noted(1, 3));

        assertThat(store.load(ofBob).toList()).isEmpty();
        assertThat(store.loadBackward(ofBob, 10).toList()).isEmpty();
        assertThat(store.loadWithSnapshot(ofBob, Tally.class).events().toList()).isEmpty();
        assertThat(store.currentVersion(ofBob)).isEqualTo(StreamVersion.NONE);
        assertThat(store.exists(ofBob)).isFalse();
        assertThat(store.exists(ofAlice)).isTrue();
    }

    @Test
    void tellsWhichStreamsOfSeveralTenantsExist() {
        append(ofAlice, ExpectedVersion.any(), noted(1, 1));
        StreamId otherOfBob = newStream().inTenant(bob);
        append(otherOfBob, ExpectedVersion.any(), noted(1, 1));
        StreamId ofDefault = newStreamOf(1);

        assertThat(store.existing(List.of(ofAlice, ofBob, otherOfBob, ofDefault)))
                .containsExactlyInAnyOrder(ofAlice, otherOfBob, ofDefault);
        assertThat(store.allExist(List.of(ofAlice, otherOfBob, ofDefault))).isTrue();
        assertThat(store.allExist(List.of(ofAlice, ofBob))).isFalse();
    }

    @Test
    void anExpectedVersionIsComparedWithTheOwnStreamOnly() {
        append(ofAlice, ExpectedVersion.any(), noted(1, 3));

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> append(ofBob, ExpectedVersion.exactly(3), noted(4, 4)))
                .withMessageContaining("of tenant '" + bob + "' is at version 0");
        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> append(ofBob, ExpectedVersion.streamExists(), noted(4, 4)));

        assertThat(store.exists(ofBob)).isFalse();
        assertStreamHolds(ofAlice, "1", "2", "3");
    }

    @Test
    void anEventIdOfOneTenantIsFreeForAnother() {
        List<NewEvent> events = List.of(note("1"), note("2"));
        AppendResult first = append(ofAlice, ExpectedVersion.noStream(), events);

        AppendResult second = append(ofBob, ExpectedVersion.noStream(), events);

        assertThat(second.alreadyRecorded()).isFalse();
        assertThat(second.positions()).hasSize(2).doesNotContainAnyElementsOf(first.positions());
        assertStreamHolds(ofAlice, "1", "2");
        assertStreamHolds(ofBob, "1", "2");
    }

    @Test
    void aRetryIsAcknowledgedWithThePositionsOfItsOwnTenant() {
        List<NewEvent> events = List.of(note("1"), note("2"));
        AppendResult ofAlices = append(ofAlice, ExpectedVersion.any(), events);
        AppendResult ofBobs = append(ofBob, ExpectedVersion.any(), events);

        assertThat(append(ofAlice, ExpectedVersion.any(), events).positions()).isEqualTo(ofAlices.positions());
        assertThat(append(ofBob, ExpectedVersion.any(), events).positions()).isEqualTo(ofBobs.positions());

        assertStreamHolds(ofAlice, "1", "2");
        assertStreamHolds(ofBob, "1", "2");
    }

    @Test
    void aRepeatedEventIdIsReportedWithTheOwnStreamOnly() {
        NewEvent event = note("1");
        StreamId otherOfBob = newStream().inTenant(bob);
        append(ofAlice, ExpectedVersion.any(), List.of(event));
        append(otherOfBob, ExpectedVersion.any(), List.of(event));

        assertThatExceptionOfType(DuplicateEventIdException.class)
                .isThrownBy(() -> append(ofBob, ExpectedVersion.any(), List.of(event)))
                .withMessageContaining("is recorded at version 1 of stream " + otherOfBob)
                .withMessageNotContaining(alice.value());
    }

    @Test
    void archivingConcernsTheOwnStreamOnly() {
        append(ofAlice, ExpectedVersion.any(), noted(1, 1));
        append(ofBob, ExpectedVersion.any(), noted(1, 1));

        store.archive(ofAlice);

        append(ofBob, ExpectedVersion.exactly(1), noted(2, 2));
        assertThatExceptionOfType(StreamArchivedException.class)
                .isThrownBy(() -> append(ofAlice, ExpectedVersion.any(), noted(2, 2)))
                .withMessageContaining(alice.value());
        assertStreamHolds(ofBob, "1", "2");
    }

    @Test
    void aTenantCannotArchiveOrDeleteWhatIsAnothers() {
        append(ofAlice, ExpectedVersion.any(), noted(1, 1));

        assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> store.archive(ofBob));
        assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> store.unarchive(ofBob));
        assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> store.delete(ofBob));

        append(ofAlice, ExpectedVersion.exactly(1), noted(2, 2));
        assertStreamHolds(ofAlice, "1", "2");
    }

    @Test
    void deletionConcernsTheOwnStreamAndItsEventIdsOnly() {
        List<NewEvent> events = List.of(note("1"));
        append(ofAlice, ExpectedVersion.any(), events);
        AppendResult kept = append(ofBob, ExpectedVersion.any(), events);

        store.delete(ofAlice);

        assertThatExceptionOfType(StreamDeletedException.class).isThrownBy(() -> store.load(ofAlice));
        assertStreamHolds(ofBob, "1");
        assertThat(append(ofBob, ExpectedVersion.any(), events).positions()).isEqualTo(kept.positions());
        append(newStream().inTenant(alice), ExpectedVersion.noStream(), events);
    }

    @Test
    void snapshotsBelongToTheirTenant() {
        append(ofAlice, ExpectedVersion.any(), noted(1, 2));
        append(ofBob, ExpectedVersion.any(), noted(1, 1));
        Snapshot<Tally> alices = new Snapshot<>(ofAlice, StreamVersion.of(2), new Tally("alice"));
        Snapshot<Tally> bobs = new Snapshot<>(ofBob, StreamVersion.of(1), new Tally("bob"));
        snapshots.save(alices);
        assertThat(snapshots.latest(ofBob, Tally.class)).isEmpty();
        snapshots.save(bobs);

        assertThat(snapshots.latest(ofAlice, Tally.class)).contains(alices);
        assertThat(snapshots.latest(ofBob, Tally.class)).contains(bobs);
        assertThatExceptionOfType(SnapshotAheadOfStreamException.class)
                .isThrownBy(() -> snapshots.save(new Snapshot<>(ofBob, StreamVersion.of(2), new Tally("bob"))));

        snapshots.deleteAll(ofAlice);
        assertThat(snapshots.latest(ofAlice, Tally.class)).isEmpty();
        assertThat(snapshots.latest(ofBob, Tally.class)).contains(bobs);
    }

    @Test
    void aStreamIdBelongsToTheTenantInScope() {
        StreamId inScope = TenantContext.call(alice, () -> StreamId.of(ofAlice.type(), ofAlice.id()));

        append(inScope, ExpectedVersion.any(), noted(1, 1));

        assertThat(inScope).isEqualTo(ofAlice);
        assertStreamHolds(ofAlice, "1");
        assertThat(store.exists(ofBob)).isFalse();
    }

    @Test
    void theScopeOfTheCallingThreadDoesNotChangeWhoseStreamIsMeant() {
        TenantContext.run(bob, () -> append(ofAlice, ExpectedVersion.noStream(), noted(1, 2)));

        assertStreamHolds(ofAlice, "1", "2");
        TenantContext.run(bob, () -> assertStreamHolds(ofAlice, "1", "2"));
        assertThat(store.exists(ofBob)).isFalse();
    }

    @Test
    void tenantsThatDifferByCaseAreDifferentTenants() {
        String name = UUID.randomUUID().toString();
        StreamId lower = ofAlice.inTenant(TenantId.of("tenant-" + name));
        StreamId upper = ofAlice.inTenant(TenantId.of("Tenant-" + name));

        append(lower, ExpectedVersion.noStream(), noted(1, 1));

        assertThat(store.exists(upper)).isFalse();
        append(upper, ExpectedVersion.noStream(), noted(2, 2));
        assertStreamHolds(lower, "1");
        assertStreamHolds(upper, "2");
    }

    @Test
    void tenantsThatAppendAtTheSameTimeWriteOnlyTheirOwn() {
        List<NewEvent> events = List.of(note("1"), note("2"), note("3"));

        Together.run(8, thread -> {
                    StreamId stream = ofAlice.inTenant(TenantId.of(alice + "-" + thread));
                    for (NewEvent event : events) {
                        store.append(AppendRequest.of(stream, ExpectedVersion.any(), List.of(event)));
                        store.append(AppendRequest.of(stream, ExpectedVersion.any(), List.of(event)));
                    }
                    return stream;
                })
                .forEach(outcome -> assertStreamHolds(outcome.valueOrThrow(), "1", "2", "3"));
    }
}
