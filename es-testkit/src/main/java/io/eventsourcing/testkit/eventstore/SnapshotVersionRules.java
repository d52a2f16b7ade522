package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.SnapshotAndEvents;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Snapshots of several schema versions: side by side, upcast where that is possible, and ignored where not. */
abstract class SnapshotVersionRules extends StoreRules {

    private static final VersionedType OLD = new VersionedType("contract-sum", 1);

    private static final Upcaster RENAME_TOTAL = Upcaster.next(OLD, json -> {
        ObjectNode state = (ObjectNode) json;
        state.set("sum", state.remove("total"));
        return state;
    });

    SnapshotVersionRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    record OldSum(int total) {}

    record Sum(int sum) {}

    private void openOldStore() {
        reopen(ContractEvent.serializationBuilder()
                .snapshotType(OLD, OldSum.class)
                .build());
    }

    private void openNewStore(Upcaster... upcasters) {
        reopen(ContractEvent.serializationBuilder()
                .snapshotType(OLD.at(2), Sum.class)
                .snapshotUpcasters(List.of(upcasters))
                .build());
    }

    private void saveOld(StreamId stream, long version, int total) {
        openOldStore();
        snapshots.save(new Snapshot<>(stream, StreamVersion.of(version), new OldSum(total)));
    }

    private void saveNew(StreamId stream, long version, int sum) {
        openNewStore();
        snapshots.save(new Snapshot<>(stream, StreamVersion.of(version), new Sum(sum)));
    }

    private <S> void assertLatest(StreamId stream, Class<S> type, long version, S state) {
        Snapshot<S> expected = new Snapshot<>(stream, StreamVersion.of(version), state);
        assertThat(snapshots.latest(stream, type)).contains(expected);
        SnapshotAndEvents<S> loaded = store.loadWithSnapshot(stream, type);
        assertThat(loaded.snapshot()).contains(expected);
        assertThat(loaded.events().toList()).hasSize((int) (loaded.version().value() - version));
    }

    @Test
    void ignoresAnOlderSnapshotWithoutUpcasterAndRebuildsTheState() {
        StreamId stream = newStreamOf(3);
        saveOld(stream, 2, 20);

        openNewStore();

        assertThat(snapshots.latest(stream, Sum.class)).isEmpty();
        assertThat(store.loadWithSnapshot(stream, Sum.class).snapshot()).isEmpty();
        assertThat(texts(store.loadWithSnapshot(stream, Sum.class).events())).containsExactly("1", "2", "3");
    }

    @Test
    void ignoresASnapshotThatIsNewerThanWhatItKnows() {
        StreamId stream = newStreamOf(3);
        saveNew(stream, 2, 20);

        openOldStore();

        assertThat(snapshots.latest(stream, OldSum.class)).isEmpty();
        assertThat(texts(store.loadWithSnapshot(stream, OldSum.class).events())).containsExactly("1", "2", "3");
    }

    @Test
    void upcastsAnOlderSnapshot() {
        StreamId stream = newStreamOf(3);
        saveOld(stream, 2, 20);

        openNewStore(RENAME_TOTAL);

        assertLatest(stream, Sum.class, 2, new Sum(20));
    }

    @Test
    void loadsTheLaterOfTwoReadableSchemaVersions() {
        StreamId stream = newStreamOf(5);
        saveNew(stream, 2, 20);
        saveOld(stream, 4, 40);

        openNewStore(RENAME_TOTAL);
        assertLatest(stream, Sum.class, 4, new Sum(40));

        saveNew(stream, 5, 50);
        openNewStore(RENAME_TOTAL);
        assertLatest(stream, Sum.class, 5, new Sum(50));
    }

    @Test
    void keepsSnapshotsOfSeveralSchemaVersionsSideBySide() {
        StreamId stream = newStreamOf(5);
        saveOld(stream, 4, 40);
        saveNew(stream, 2, 20);

        assertLatest(stream, Sum.class, 2, new Sum(20));
        openOldStore();
        assertLatest(stream, OldSum.class, 4, new OldSum(40));
    }

    @Test
    void deletesSnapshotsOfEverySchemaVersion() {
        StreamId stream = newStreamOf(2);
        saveOld(stream, 1, 10);
        saveNew(stream, 2, 20);
        assertLatest(stream, Sum.class, 2, new Sum(20));

        snapshots.deleteAll(stream);

        assertThat(snapshots.latest(stream, Sum.class)).isEmpty();
        openOldStore();
        assertThat(snapshots.latest(stream, OldSum.class)).isEmpty();
    }

    @Test
    void ignoresASnapshotThatItsUpcasterFailsOn() {
        StreamId stream = newStreamOf(2);
        saveOld(stream, 1, 10);

        openNewStore(Upcaster.next(OLD, json -> {
            throw new UnsupportedOperationException("not written yet");
        }));

        assertThat(snapshots.latest(stream, Sum.class)).isEmpty();
        assertThat(texts(store.loadWithSnapshot(stream, Sum.class).events())).containsExactly("1", "2");
    }
}
