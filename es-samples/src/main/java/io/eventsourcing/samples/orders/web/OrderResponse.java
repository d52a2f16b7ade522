package io.eventsourcing.samples.orders.web;

import io.eventsourcing.samples.orders.Money;
import io.eventsourcing.samples.orders.Order;
import io.eventsourcing.samples.orders.PlacedOrder;
import java.util.List;

/** An order as it is answered. */
record OrderResponse(String orderId, String status, String customer, List<Order.Line> lines, Money total) {

    static OrderResponse of(PlacedOrder found) {
        Order order = found.order();
        return new OrderResponse(found.id(), order.status().toString(), order.customer(), order.lines(), order.total());
    }
}
