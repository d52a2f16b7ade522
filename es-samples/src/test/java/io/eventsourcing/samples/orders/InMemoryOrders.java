package io.eventsourcing.samples.orders;

import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandSettings;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.memory.InMemoryCommandStore;
import io.eventsourcing.memory.InMemoryEventStore;
import java.util.List;

/** The order service on a store in memory. */
final class InMemoryOrders {

    final InMemoryEventStore store;
    final OrderService service;

    InMemoryOrders() {
        EventSerialization serialization = EventSerialization.of(OrderEvent.class, Message.class);
        store = new InMemoryEventStore(serialization);
        CommandHandlers handlers = CommandHandlers.builder(store, store, new InMemoryCommandStore(store))
                .decider(new Orders())
                .build(serialization);
        service = new OrderService(
                store, new DirectCommandBus(handlers, List.of(), CommandSettings.DEFAULT, CommandObserver.NONE));
    }
}
