package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.serialization.EventSerialization;

class InMemoryEventLogContractTest extends EventLogContract {

    private final MemoryStores stores = new MemoryStores();

    @Override
    protected LogUnderTest open(EventSerialization serialization) {
        return stores.openLog(serialization);
    }
}
