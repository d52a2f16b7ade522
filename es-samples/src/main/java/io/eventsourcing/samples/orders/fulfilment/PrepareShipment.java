package io.eventsourcing.samples.orders.fulfilment;

import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.TargetId;

/**
 * Has an order packed.
 *
 * @param orderId which; its shipment has the same id
 */
@CommandType("prepare-shipment")
public record PrepareShipment(@TargetId String orderId) {}
