package io.eventsourcing.samples.orders.fulfilment;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import java.util.List;
import org.springframework.stereotype.Component;

/** The rules of shipments: one is prepared once. */
@Component
@Aggregate("shipment")
final class Shipments implements Decider<PrepareShipment, Shipments.Shipment, ShipmentPrepared> {

    /** A shipment, as its events make it. */
    record Shipment(boolean isPrepared) {}

    @Override
    public Shipment initialState() {
        return new Shipment(false);
    }

    @Override
    public List<ShipmentPrepared> decide(PrepareShipment command, Shipment shipment) {
        return shipment.isPrepared() ? List.of() : List.of(new ShipmentPrepared("T-" + command.orderId()));
    }

    @Override
    public Shipment evolve(Shipment shipment, ShipmentPrepared event) {
        return new Shipment(true);
    }
}
