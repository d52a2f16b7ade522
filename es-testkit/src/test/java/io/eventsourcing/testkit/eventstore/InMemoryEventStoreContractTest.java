package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.serialization.EventSerialization;

class InMemoryEventStoreContractTest extends EventStoreContract {

    private final MemoryStores stores = new MemoryStores();

    @Override
    protected StoreUnderTest open(EventSerialization serialization) {
        return stores.open(serialization);
    }
}
