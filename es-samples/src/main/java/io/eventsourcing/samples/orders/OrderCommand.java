package io.eventsourcing.samples.orders;

import io.eventsourcing.samples.orders.Order.Status;
import io.eventsourcing.samples.orders.OrderEvent.LineAdded;
import io.eventsourcing.samples.orders.OrderEvent.OrderCancelled;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import io.eventsourcing.samples.orders.OrderEvent.OrderPlaced;
import io.eventsourcing.samples.orders.OrderEvent.OrderShipped;
import java.util.Currency;
import java.util.List;

/** What somebody wants to happen to an order. */
public sealed interface OrderCommand {

    /**
     * Decides by the order alone: a pure function, so that it can be asked again after somebody else was faster.
     *
     * @param order the order as it is
     * @return what happens now
     * @throws OrderRejected if a rule forbids it
     */
    List<OrderEvent> decide(Order order);

    /**
     * Places an order.
     *
     * @param customer who
     * @param currency in which it will be paid
     */
    record PlaceOrder(String customer, Currency currency) implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            if (order.status() != Status.NONE) {
                throw new OrderRejected(Rule.ORDER_ALREADY_PLACED, "The order was placed before. Choose another id.");
            }
            return List.of(new OrderPlaced(customer, currency));
        }
    }

    /**
     * Adds a line.
     *
     * @param sku the article
     * @param quantity how many pieces
     * @param unitPrice the price of one
     */
    record AddLine(String sku, int quantity, Money unitPrice) implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            Checks.open(order, "no line can be added");
            Checks.currency(order, unitPrice);
            if (quantity < 1) {
                throw new OrderRejected(
                        Rule.QUANTITY_NOT_POSITIVE, "The quantity cannot be less than 1, but it is " + quantity + ".");
            }
            if (unitPrice.amount().signum() < 0) {
                throw new OrderRejected(
                        Rule.PRICE_NEGATIVE, "The unit price cannot be less than 0, but it is " + unitPrice + ".");
            }
            return List.of(new LineAdded(sku, quantity, unitPrice));
        }
    }

    /**
     * Pays the whole order.
     *
     * @param amount how much
     */
    record PayOrder(Money amount) implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            Checks.open(order, "it cannot be paid");
            Checks.currency(order, amount);
            if (order.lines().isEmpty()) {
                throw new OrderRejected(Rule.ORDER_EMPTY, "The order has no lines, so there is nothing to pay.");
            }
            if (!amount.equals(order.total())) {
                throw new OrderRejected(
                        Rule.PAYMENT_NOT_TOTAL, "The order costs " + order.total() + ", but " + amount + " was paid.");
            }
            return List.of(new OrderPaid(amount));
        }
    }

    /**
     * Ships the order.
     *
     * @param trackingNumber where to follow it
     */
    record ShipOrder(String trackingNumber) implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            Checks.known(order);
            if (order.status() != Status.PAID) {
                throw new OrderRejected(
                        Rule.ORDER_NOT_PAID,
                        "The order is " + order.status() + ", and only a paid order can be shipped.");
            }
            return List.of(new OrderShipped(trackingNumber));
        }
    }

    /**
     * Calls the order off.
     *
     * @param reason why
     */
    record CancelOrder(String reason) implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            Checks.known(order);
            if (order.status() == Status.SHIPPED || order.status() == Status.CANCELLED) {
                throw new OrderRejected(
                        Rule.ORDER_CLOSED, "The order is " + order.status() + ", so it cannot be cancelled.");
            }
            return List.of(new OrderCancelled(reason));
        }
    }
}
