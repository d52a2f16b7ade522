package io.eventsourcing.samples.orders;

import io.eventsourcing.samples.orders.Order.Status;

/** The rules that several commands share. */
final class Checks {

    private Checks() {}

    static void known(Order order) {
        if (order.status() == Status.NONE) {
            throw OrderRejected.unknown();
        }
    }

    static void open(Order order, String consequence) {
        known(order);
        if (order.status() != Status.OPEN) {
            throw new OrderRejected(
                    Rule.ORDER_NOT_OPEN, "The order is " + order.status() + ", so " + consequence + ".");
        }
    }

    static void currency(Order order, Money money) {
        if (!money.currency().equals(order.currency())) {
            throw new OrderRejected(
                    Rule.CURRENCY_MISMATCH,
                    "The order is in " + order.currency() + ", not in " + money.currency() + ".");
        }
    }
}
