package io.eventsourcing.samples.orders;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import java.util.List;
import org.springframework.stereotype.Component;

/** The rules of orders. A caller who has seen a version changes only that one. */
@Component
@Aggregate(Orders.STREAM_TYPE)
final class Orders implements Decider<OrderCommand, Order, OrderEvent> {

    static final String STREAM_TYPE = "order";

    @Override
    public Order initialState() {
        return Order.NONE;
    }

    @Override
    public List<OrderEvent> decide(OrderCommand command, Order order) {
        Checks.unchanged(order, command.seen());
        return command.decide(order);
    }

    @Override
    public Order evolve(Order order, OrderEvent event) {
        return order.after(event);
    }
}
