package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.serialization.EventSerialization;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link io.eventsourcing.core.log.EventLogPort} does, in tests that never skip.
 *
 * <p>An adapter's test extends it and says how the log is opened. The store need not be empty, but nobody else may append to it
 * while a test runs.
 *
 * <p>The tests stand in nested classes, which surefire selects by their own names: run them alone with
 * {@code -Dtest='MyContractTest,EventLogContract*'}.
 */
public abstract class EventLogContract {

    /** For adapters' tests. */
    protected EventLogContract() {}

    /**
     * Opens the log. Every log that is opened within one test sees the same data.
     *
     * @param serialization what the store writes and reads with
     * @return the log and its store
     */
    protected abstract LogUnderTest open(EventSerialization serialization);

    @Nested
    final class Reading extends LogReadRules {
        Reading() {
            super(EventLogContract.this::open);
        }
    }

    @Nested
    final class Filtering extends LogFilterRules {
        Filtering() {
            super(EventLogContract.this::open);
        }
    }

    @Nested
    final class Following extends LogFollowRules {
        Following() {
            super(EventLogContract.this::open);
        }
    }
}
