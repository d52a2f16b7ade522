package io.eventsourcing.docs.application;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.docs.application.OrderEvent.Placed;
import io.eventsourcing.docs.application.OrderEvent.Shipped;
import java.math.BigDecimal;
import org.springframework.stereotype.Service;

// tag::service
@Service
public class OrderService {

    private final EventStorePort store;

    OrderService(EventStorePort store) {
        this.store = store;
    }

    public void place(String orderId, BigDecimal total) {
        store.append(AppendRequest.of(
                StreamId.of("order", orderId), ExpectedVersion.noStream(), new Placed(orderId, total)));
    }

    public void ship(String orderId) {
        EventStream events = store.load(StreamId.of("order", orderId));
        Order order = events.fold(Order.NONE, Order::apply);
        if (!order.placed() || order.shipped()) {
            throw new IllegalStateException("Order " + orderId + " cannot be shipped.");
        }
        store.append(AppendRequest.of(events.id(), ExpectedVersion.exactly(events.version()), new Shipped(orderId)));
    }

    public Order find(String orderId) {
        return store.load(StreamId.of("order", orderId)).fold(Order.NONE, Order::apply);
    }
}
// end::service
