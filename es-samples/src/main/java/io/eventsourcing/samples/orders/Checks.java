package io.eventsourcing.samples.orders;

import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.samples.orders.Order.Status;
import org.jspecify.annotations.Nullable;

/** The rules that several commands share. */
final class Checks {

    private Checks() {}

    static void known(Order order) {
        if (order.status() == Status.NONE) {
            throw unknown();
        }
    }

    static CommandRejectedException unknown() {
        return Rule.ORDER_UNKNOWN.broken("There is no such order.");
    }

    /** What was never placed has not changed either; that it is unknown is for others to say. */
    static void unchanged(Order order, @Nullable Long seen) {
        if (seen != null && order.status() != Status.NONE && seen != order.version()) {
            throw Rule.ORDER_CHANGED.broken("The order is at version " + order.version()
                    + ", but you have seen version " + seen + ". Nothing was changed. Look at it again.");
        }
    }

    static void open(Order order, String consequence) {
        known(order);
        if (order.status() != Status.OPEN) {
            throw Rule.ORDER_NOT_OPEN.broken("The order is " + order.status() + ", so " + consequence + ".");
        }
    }

    static void currency(Order order, Money money) {
        if (!money.currency().equals(order.currency())) {
            throw Rule.CURRENCY_MISMATCH.broken(
                    "The order is in " + order.currency() + ", not in " + money.currency() + ".");
        }
    }
}
