package io.eventsourcing.samples.orders.readmodel;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.springframework.stereotype.Component;

/** Sums up what was paid. A day takes from many orders, so their events are handled one after the other. */
@Component
@Projection(name = "revenue-per-day", single = true)
class RevenuePerDay {

    private final ReadModelUpdaterPort<DayRevenue> days;

    RevenuePerDay(ReadModelUpdaterPort<DayRevenue> days) {
        this.days = days;
    }

    @EventHandler
    void paid(OrderPaid event, RecordedEvent recorded) {
        LocalDate day = LocalDate.ofInstant(recorded.occurredAt(), ZoneOffset.UTC);
        String currency = event.total().currency().getCurrencyCode();
        DayRevenue before = days.get(day, currency).orElse(new DayRevenue(day, currency, BigDecimal.ZERO, 0));
        days.upsert(
                new DayRevenue(day, currency, before.revenue().add(event.total().amount()), before.orders() + 1));
    }
}
