package io.eventsourcing.samples.orders.readmodel;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.samples.orders.Money;
import io.eventsourcing.samples.orders.Order.Status;
import io.eventsourcing.samples.orders.OrderEvent.LineAdded;
import io.eventsourcing.samples.orders.OrderEvent.OrderCancelled;
import io.eventsourcing.samples.orders.OrderEvent.OrderExpired;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import io.eventsourcing.samples.orders.OrderEvent.OrderPlaced;
import io.eventsourcing.samples.orders.OrderEvent.OrderShipped;
import java.math.BigDecimal;
import org.springframework.stereotype.Component;

/** Keeps a row for each order. */
@Component
@Projection(name = "order-summary")
class OrderSummaries {

    private final ReadModelUpdaterPort<OrderSummary> summaries;

    OrderSummaries(ReadModelUpdaterPort<OrderSummary> summaries) {
        this.summaries = summaries;
    }

    @EventHandler
    void placed(OrderPlaced event, RecordedEvent recorded) {
        summaries.upsert(new OrderSummary(
                recorded.stream().id(),
                event.customer(),
                Status.OPEN,
                new Money(BigDecimal.ZERO, event.currency()).amount(),
                event.currency().getCurrencyCode(),
                0,
                recorded.occurredAt()));
    }

    @EventHandler
    void lineAdded(LineAdded event, RecordedEvent recorded) {
        BigDecimal price = event.unitPrice().amount().multiply(BigDecimal.valueOf(event.quantity()));
        summaries.update(recorded.stream().id()).increment("total", price).increment("lines", 1);
    }

    @EventHandler
    void paid(OrderPaid event, RecordedEvent recorded) {
        set(recorded, Status.PAID);
    }

    @EventHandler
    void shipped(OrderShipped event, RecordedEvent recorded) {
        set(recorded, Status.SHIPPED);
    }

    @EventHandler
    void cancelled(OrderCancelled event, RecordedEvent recorded) {
        set(recorded, Status.CANCELLED);
    }

    @EventHandler
    void expired(OrderExpired event, RecordedEvent recorded) {
        set(recorded, Status.EXPIRED);
    }

    private void set(RecordedEvent recorded, Status status) {
        summaries.update(recorded.stream().id()).set("status", status);
    }
}
