package io.eventsourcing.docs;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.testkit.eventstore.StoreUnderTest;
import io.eventsourcing.testkit.eventstore.TenancyContract;

// tag::contract
class AdapterContractTest extends TenancyContract {

    private final InMemoryEventStore data = new InMemoryEventStore(EventSerialization.of());

    @Override
    protected StoreUnderTest open(EventSerialization serialization) {
        InMemoryEventStore store = data.reopenWith(serialization); // every store that a test opens sees the same data
        return new StoreUnderTest(store, store);
    }
}
// end::contract
