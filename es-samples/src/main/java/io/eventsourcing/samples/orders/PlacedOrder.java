package io.eventsourcing.samples.orders;

/**
 * An order and its id.
 *
 * @param id the order's id within its tenant
 * @param order the order
 */
public record PlacedOrder(String id, Order order) {}
