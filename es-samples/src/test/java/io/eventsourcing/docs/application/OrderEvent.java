package io.eventsourcing.docs.application;

import io.eventsourcing.core.event.EventType;
import java.math.BigDecimal;

// tag::events
public sealed interface OrderEvent {

    @EventType("order-placed")
    record Placed(String orderId, BigDecimal total) implements OrderEvent {}

    @EventType("order-shipped")
    record Shipped(String orderId) implements OrderEvent {}
}
// end::events
