package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.serialization.EventSerialization;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link io.eventsourcing.core.snapshot.SnapshotPort} and the event store beside it do with snapshots, in tests
 * that never skip.
 *
 * <p>An adapter's test extends it and says how the store is opened. The store need not be empty: every test works on
 * streams of its own.
 *
 * <p>The tests stand in nested classes, which surefire selects by their own names: run them alone with
 * {@code -Dtest='MyContractTest,SnapshotContract*'}.
 */
public abstract class SnapshotContract {

    /** For adapters' tests. */
    protected SnapshotContract() {}

    /**
     * Opens the store. Every store that is opened within one test sees the same data.
     *
     * @param serialization what the store writes and reads with
     * @return the store
     */
    protected abstract StoreUnderTest open(EventSerialization serialization);

    @Nested
    final class KeepingSnapshots extends SnapshotRules {
        KeepingSnapshots() {
            super(SnapshotContract.this::open);
        }
    }

    @Nested
    final class AppendingWithSnapshots extends SnapshotAppendRules {
        AppendingWithSnapshots() {
            super(SnapshotContract.this::open);
        }
    }

    @Nested
    final class ReadingOlderSnapshots extends SnapshotVersionRules {
        ReadingOlderSnapshots() {
            super(SnapshotContract.this::open);
        }
    }
}
