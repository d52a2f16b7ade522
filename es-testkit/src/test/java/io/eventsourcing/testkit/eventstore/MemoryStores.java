package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.memory.InMemoryEventStore;
import org.jspecify.annotations.Nullable;

/** Opens stores in memory that share their data. */
final class MemoryStores {

    private @Nullable InMemoryEventStore first;

    StoreUnderTest open(EventSerialization serialization) {
        InMemoryEventStore store = store(serialization);
        return new StoreUnderTest(store, store);
    }

    LogUnderTest openLog(EventSerialization serialization) {
        InMemoryEventStore store = store(serialization);
        return new LogUnderTest(store, store);
    }

    private InMemoryEventStore store(EventSerialization serialization) {
        if (first == null) {
            first = new InMemoryEventStore(serialization);
        }
        return first.reopenWith(serialization);
    }
}
