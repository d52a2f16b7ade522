package io.eventsourcing.samples.orders.fulfilment;

import io.eventsourcing.testkit.fixture.CommandFixture;
import org.junit.jupiter.api.Test;

class ShipmentsTest {

    private final CommandFixture shipments = CommandFixture.of(new Shipments());

    @Test
    void arePreparedWithATrackingNumber() {
        shipments.when(new PrepareShipment("o-1")).then(new ShipmentPrepared("T-o-1"));
    }

    @Test
    void arePreparedOnce() {
        shipments
                .given("o-1", new ShipmentPrepared("T-o-1"))
                .when(new PrepareShipment("o-1"))
                .thenNothing();
    }
}
