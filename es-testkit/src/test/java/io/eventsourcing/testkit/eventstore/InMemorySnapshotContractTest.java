package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.serialization.EventSerialization;

class InMemorySnapshotContractTest extends SnapshotContract {

    private final MemoryStores stores = new MemoryStores();

    @Override
    protected StoreUnderTest open(EventSerialization serialization) {
        return stores.open(serialization);
    }
}
