package io.eventsourcing.samples.orders;

import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.Targeted;
import io.eventsourcing.samples.orders.Order.Status;
import io.eventsourcing.samples.orders.OrderEvent.LineAdded;
import io.eventsourcing.samples.orders.OrderEvent.OrderCancelled;
import io.eventsourcing.samples.orders.OrderEvent.OrderExpired;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import io.eventsourcing.samples.orders.OrderEvent.OrderPlaced;
import io.eventsourcing.samples.orders.OrderEvent.OrderShipped;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody wants to happen to an order. */
public sealed interface OrderCommand extends Targeted {

    /**
     * Which order.
     *
     * @return its id
     */
    String orderId();

    /**
     * The version that the caller has seen, to change no other.
     *
     * @return the version; null to demand none
     */
    default @Nullable Long seen() {
        return null;
    }

    @Override
    default String targetId() {
        return orderId();
    }

    /**
     * Decides by the order alone: a pure function, so that it can be asked again after somebody else was faster.
     *
     * @param order the order as it is
     * @return what happens now
     * @throws CommandRejectedException if a rule forbids it
     */
    List<OrderEvent> decide(Order order);

    /**
     * Places an order.
     *
     * @param orderId its id
     * @param customer who
     * @param currency in which it will be paid
     */
    @CommandType("place-order")
    record PlaceOrder(String orderId, String customer, Currency currency) implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            if (order.status() != Status.NONE) {
                throw Rule.ORDER_ALREADY_PLACED.broken("The order was placed before. Choose another id.");
            }
            return List.of(new OrderPlaced(customer, currency));
        }
    }

    /**
     * Adds a line.
     *
     * @param orderId which
     * @param seen the version that the caller has seen; null for any
     * @param sku the article
     * @param quantity how many pieces
     * @param unitPrice the price of one
     */
    @CommandType("add-order-line")
    record AddLine(String orderId, @Nullable Long seen, String sku, int quantity, Money unitPrice)
            implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            Checks.open(order, "no line can be added");
            Checks.currency(order, unitPrice);
            if (quantity < 1) {
                throw Rule.QUANTITY_NOT_POSITIVE.broken(
                        "The quantity cannot be less than 1, but it is " + quantity + ".");
            }
            if (unitPrice.amount().signum() < 0) {
                throw Rule.PRICE_NEGATIVE.broken("The unit price cannot be less than 0, but it is " + unitPrice + ".");
            }
            return List.of(new LineAdded(sku, quantity, unitPrice));
        }
    }

    /**
     * Pays the whole order.
     *
     * @param orderId which
     * @param seen the version that the caller has seen; null for any
     * @param amount how much
     */
    @CommandType("pay-order")
    record PayOrder(String orderId, @Nullable Long seen, Money amount) implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            Checks.open(order, "it cannot be paid");
            Checks.currency(order, amount);
            if (order.lines().isEmpty()) {
                throw Rule.ORDER_EMPTY.broken("The order has no lines, so there is nothing to pay.");
            }
            if (!amount.equals(order.total())) {
                throw Rule.PAYMENT_NOT_TOTAL.broken(
                        "The order costs " + order.total() + ", but " + amount + " was paid.");
            }
            return List.of(new OrderPaid(amount));
        }
    }

    /**
     * Ships the order.
     *
     * @param orderId which
     * @param seen the version that the caller has seen; null for any
     * @param trackingNumber where to follow it
     */
    @CommandType("ship-order")
    record ShipOrder(String orderId, @Nullable Long seen, String trackingNumber) implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            Checks.known(order);
            if (order.status() != Status.PAID) {
                throw Rule.ORDER_NOT_PAID.broken(
                        "The order is " + order.status() + ", and only a paid order can be shipped.");
            }
            return List.of(new OrderShipped(trackingNumber));
        }
    }

    /**
     * Calls the order off.
     *
     * @param orderId which
     * @param seen the version that the caller has seen; null for any
     * @param reason why
     */
    @CommandType("cancel-order")
    record CancelOrder(String orderId, @Nullable Long seen, String reason) implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            Checks.known(order);
            if (order.status().isEnd()) {
                throw Rule.ORDER_CLOSED.broken("The order is " + order.status() + ", so it cannot be cancelled.");
            }
            return List.of(new OrderCancelled(reason));
        }
    }

    /**
     * Ends the order if it is still not paid.
     *
     * @param orderId which
     */
    @CommandType("expire-order")
    record ExpireOrder(String orderId) implements OrderCommand {
        @Override
        public List<OrderEvent> decide(Order order) {
            return order.status() == Status.OPEN ? List.of(new OrderExpired()) : List.of();
        }
    }
}
