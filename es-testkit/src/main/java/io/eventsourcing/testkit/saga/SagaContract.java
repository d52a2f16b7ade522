package io.eventsourcing.testkit.saga;

import io.eventsourcing.core.serialization.EventSerialization;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/**
 * What sagas do on every store, in tests that never skip. An adapter's test extends it and says how the store is opened. The store need not
 * be empty.
 */
public abstract class SagaContract {

    /** For adapters' tests. */
    protected SagaContract() {}

    /**
     * Opens the store. Whatever is opened within one test sees the same data.
     *
     * @param serialization what the store writes and reads with
     * @return the store
     */
    protected abstract SagasUnderTest open(EventSerialization serialization);

    /**
     * How long a test waits for what does not come, before it fails.
     *
     * @return 60 seconds unless overridden
     */
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }

    @Nested
    final class Storing extends SagaStoreRules {
        Storing() {
            super(SagaContract.this::open);
        }
    }

    @Nested
    final class Hearing extends SagaHearingRules {
        Hearing() {
            super(SagaContract.this::open);
        }
    }

    @Nested
    final class Running extends SagaRunningRules {
        Running() {
            super(SagaContract.this::open, patience());
        }
    }
}
