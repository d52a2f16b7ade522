package io.eventsourcing.samples.orders.fulfilment;

import io.eventsourcing.core.event.EventType;

/**
 * The shipment of an order is packed.
 *
 * @param trackingNumber where to follow it
 */
@EventType("shipment-prepared")
public record ShipmentPrepared(String trackingNumber) {}
