package io.eventsourcing.samples.orders.fulfilment;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.saga.ProcessPlan;
import io.eventsourcing.core.saga.SagaDefinition;
import io.eventsourcing.samples.orders.OrderCommand.ExpireOrder;
import io.eventsourcing.samples.orders.OrderCommand.ShipOrder;
import io.eventsourcing.samples.orders.OrderEvent;
import io.eventsourcing.samples.orders.OrderEvent.OrderCancelled;
import io.eventsourcing.samples.orders.OrderEvent.OrderExpired;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import io.eventsourcing.samples.orders.OrderEvent.OrderPlaced;
import io.eventsourcing.samples.orders.OrderEvent.OrderShipped;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Brings an order from its placement to its end: an order that is paid is packed and shipped, one that is not paid in time expires. */
@Component
final class Fulfilment implements SagaDefinition<Fulfilment.Progress> {

    private final Duration expireAfter;

    Fulfilment(@Value("${orders.expire-after}") Duration expireAfter) {
        this.expireAfter = expireAfter;
    }

    /** How far the fulfilment of an order got. */
    record Progress(boolean isPaid) {}

    @Override
    public String name() {
        return "fulfilment";
    }

    @Override
    public Set<Class<?>> hears() {
        return Set.of(OrderEvent.class, ShipmentPrepared.class);
    }

    /** An order and its shipment have the same id. */
    @Override
    public Optional<String> instanceOf(RecordedEvent event) {
        return Optional.of(event.stream().id());
    }

    @Override
    public Progress initialState() {
        return new Progress(false);
    }

    @Override
    public Progress evolve(Progress progress, RecordedEvent event) {
        return event.payload() instanceof OrderPaid ? new Progress(true) : progress;
    }

    /** What was called off is complete, and hears of no shipment any more. */
    @Override
    public ProcessPlan plan(Progress progress, RecordedEvent event) {
        String orderId = event.stream().id();
        Object payload = event.payload();
        ProcessPlan plan = ProcessPlan.nothing();
        if (payload instanceof OrderPlaced) {
            return plan.sendAfter(expireAfter, new ExpireOrder(orderId));
        }
        if (payload instanceof OrderPaid) {
            return plan.send(new PrepareShipment(orderId));
        }
        if (payload instanceof ShipmentPrepared prepared && progress.isPaid()) {
            return plan.send(new ShipOrder(orderId, null, prepared.trackingNumber()));
        }
        return isEnd(payload) ? plan.complete() : plan;
    }

    private static boolean isEnd(Object payload) {
        return payload instanceof OrderShipped || payload instanceof OrderCancelled || payload instanceof OrderExpired;
    }
}
