package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.memory.InMemoryCheckpoints;
import io.eventsourcing.memory.InMemoryEventStore;

class InMemorySubscriptionContractTest extends SubscriptionContract {

    private final InMemoryEventStore events = new InMemoryEventStore(Counted.serialization());
    private final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints();

    @Override
    protected SubscriptionsUnderTest open(EventSerialization serialization) {
        InMemoryEventStore opened = events.reopenWith(serialization);
        return new SubscriptionsUnderTest(opened, opened, checkpoints);
    }
}
