package io.eventsourcing.samples.orders.readmodel;

import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;
import io.eventsourcing.samples.orders.Order;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * An order in a list.
 *
 * @param orderId which
 * @param customer who placed it
 * @param status how far it got
 * @param total what it costs
 * @param currency in which it is paid
 * @param lines how many lines it has
 * @param placedAt when it was placed
 */
@ReadModel(table = "order_summary")
public record OrderSummary(
        @Id String orderId,
        String customer,
        Order.Status status,
        BigDecimal total,
        String currency,
        int lines,
        Instant placedAt) {}
