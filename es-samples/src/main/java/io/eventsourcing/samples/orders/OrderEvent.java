package io.eventsourcing.samples.orders;

import io.eventsourcing.core.event.EventType;
import java.util.Currency;

/** What happened to an order. */
public sealed interface OrderEvent {

    /**
     * The order after this event, its version aside. Never refuses: it happened.
     *
     * @param order the order before
     * @return the order after
     */
    Order applyTo(Order order);

    /**
     * Somebody placed the order; it has no lines yet.
     *
     * @param customer who
     * @param currency in which it will be paid
     */
    @EventType("order-placed")
    record OrderPlaced(String customer, Currency currency) implements OrderEvent {
        @Override
        public Order applyTo(Order order) {
            return Order.placed(customer, currency);
        }
    }

    /**
     * A line was added.
     *
     * @param sku the article
     * @param quantity how many pieces
     * @param unitPrice the price of one
     */
    @EventType("order-line-added")
    record LineAdded(String sku, int quantity, Money unitPrice) implements OrderEvent {
        @Override
        public Order applyTo(Order order) {
            return order.with(new Order.Line(sku, quantity, unitPrice));
        }
    }

    /**
     * The order was paid.
     *
     * @param total how much
     */
    @EventType("order-paid")
    record OrderPaid(Money total) implements OrderEvent {
        @Override
        public Order applyTo(Order order) {
            return order.with(Order.Status.PAID);
        }
    }

    /**
     * The order left the house.
     *
     * @param trackingNumber where to follow it
     */
    @EventType("order-shipped")
    record OrderShipped(String trackingNumber) implements OrderEvent {
        @Override
        public Order applyTo(Order order) {
            return order.with(Order.Status.SHIPPED);
        }
    }

    /**
     * The order was called off.
     *
     * @param reason why
     */
    @EventType("order-cancelled")
    record OrderCancelled(String reason) implements OrderEvent {
        @Override
        public Order applyTo(Order order) {
            return order.with(Order.Status.CANCELLED);
        }
    }

    /** The order was not paid in time. */
    @EventType("order-expired")
    record OrderExpired() implements OrderEvent {
        @Override
        public Order applyTo(Order order) {
            return order.with(Order.Status.EXPIRED);
        }
    }
}
