package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.serialization.EventSerialization;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link io.eventsourcing.core.event.EventStorePort} does, in tests that never skip.
 *
 * <p>An adapter's test extends it and says how the store is opened. The store need not be empty: every test works on
 * streams of its own.
 *
 * <p>The tests stand in nested classes, which surefire selects by their own names: run them alone with
 * {@code -Dtest='MyContractTest,EventStoreContract*'}.
 */
public abstract class EventStoreContract {

    /** For adapters' tests. */
    protected EventStoreContract() {}

    /**
     * Opens the store. Every store that is opened within one test sees the same data.
     *
     * @param serialization what the store writes and reads with
     * @return the store
     */
    protected abstract StoreUnderTest open(EventSerialization serialization);

    @Nested
    final class Appending extends AppendRules {
        Appending() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class AppendingToSeveralStreams extends BatchRules {
        AppendingToSeveralStreams() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class Retrying extends RetryRules {
        Retrying() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class AppendingAtTheSameTime extends ConcurrencyRules {
        AppendingAtTheSameTime() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class Loading extends LoadRules {
        Loading() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class ArchivingAndDeleting extends LifecycleRules {
        ArchivingAndDeleting() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class Recording extends RecordingRules {
        Recording() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class NamingStreams extends IdentifierRoundTripRules {
        NamingStreams() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class KeepingPayloads extends PayloadRules {
        KeepingPayloads() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class RefusingBadInput extends BadInputRules {
        RefusingBadInput() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class Upcasting extends UpcastingRules {
        Upcasting() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class EncodingPayloads extends CodecRules {
        EncodingPayloads() {
            super(EventStoreContract.this::open);
        }
    }

    @Nested
    final class BehavingLikeTheModel extends RandomOperationRules {
        BehavingLikeTheModel() {
            super(EventStoreContract.this::open);
        }
    }
}
