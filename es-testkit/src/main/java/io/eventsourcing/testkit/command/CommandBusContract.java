package io.eventsourcing.testkit.command;

import io.eventsourcing.core.serialization.EventSerialization;
import org.junit.jupiter.api.Nested;

/**
 * What the command bus and its workers do on a command store, in tests that never skip. An adapter's test extends it and says how the
 * store is opened.
 */
public abstract class CommandBusContract {

    /** For adapters' tests. */
    protected CommandBusContract() {}

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
    final class Executing extends ExecutionRules {
        Executing() {
            super(CommandBusContract.this::open);
        }
    }

    @Nested
    final class Working extends WorkerRules {
        Working() {
            super(CommandBusContract.this::open);
        }
    }
}
