package io.eventsourcing.testkit.command;

import io.eventsourcing.core.serialization.EventSerialization;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link io.eventsourcing.core.command.CommandStorePort} with its queue does, in tests that never skip.
 *
 * <p>An adapter's test extends it and says how the store is opened. The store need not be empty, and others may use it meanwhile: each
 * test has a tenant of its own.
 */
public abstract class CommandStoreContract {

    /** For adapters' tests. */
    protected CommandStoreContract() {}

    /**
     * The serialization of the events that the tests append.
     *
     * @return what the event store is to be opened with
     */
    protected static EventSerialization eventSerialization() {
        return Counters.serialization();
    }

    /**
     * Opens the store, once for each test.
     *
     * @return the store
     */
    protected abstract CommandsUnderTest open();

    @Nested
    final class Saving extends SavingRules {
        Saving() {
            super(CommandStoreContract.this::open);
        }
    }

    @Nested
    final class Completing extends CompletionRules {
        Completing() {
            super(CommandStoreContract.this::open);
        }
    }

    @Nested
    final class Stepping extends StepRules {
        Stepping() {
            super(CommandStoreContract.this::open);
        }
    }

    @Nested
    final class Claiming extends ClaimRules {
        Claiming() {
            super(CommandStoreContract.this::open);
        }
    }

    @Nested
    final class Listing extends ListingRules {
        Listing() {
            super(CommandStoreContract.this::open);
        }
    }
}
