package io.eventsourcing.docs.application;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.snapshot.SnapshotType;
import io.eventsourcing.docs.application.OrderEvent.Placed;
import io.eventsourcing.docs.application.OrderEvent.Shipped;
import java.math.BigDecimal;

// tag::state
@SnapshotType("order")
public record Order(boolean placed, BigDecimal total, boolean shipped) {

    public static final Order NONE = new Order(false, BigDecimal.ZERO, false);

    public Order apply(RecordedEvent event) {
        if (event.payload() instanceof Placed e) {
            return new Order(true, e.total(), false);
        }
        if (event.payload() instanceof Shipped) {
            return new Order(placed, total, true);
        }
        return this;
    }
}
// end::state
