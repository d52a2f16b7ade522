package io.eventsourcing.testkit.saga;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.memory.InMemoryCheckpoints;
import io.eventsourcing.memory.InMemoryCommandStore;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.memory.InMemorySagaStore;
import io.eventsourcing.testkit.command.CommandsUnderTest;
import io.eventsourcing.testkit.subscription.SubscriptionsUnderTest;

class InMemorySagaContractTest extends SagaContract {

    @Override
    protected SagasUnderTest open(EventSerialization serialization) {
        InMemoryEventStore events = new InMemoryEventStore(serialization);
        InMemoryCommandStore commands = new InMemoryCommandStore(events);
        return new SagasUnderTest(
                new InMemorySagaStore(),
                new SubscriptionsUnderTest(events, events, new InMemoryCheckpoints()),
                new CommandsUnderTest(commands, commands, commands, events, events, claim -> {}));
    }
}
