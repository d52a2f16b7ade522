package io.eventsourcing.samples.orders.readmodel;

import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;
import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * What was paid on a day.
 *
 * @param day the day, in UTC
 * @param currency in which it was paid
 * @param revenue how much
 * @param orders by how many orders
 */
@ReadModel(table = "day_revenue")
public record DayRevenue(@Id LocalDate day, @Id String currency, BigDecimal revenue, int orders) {}
