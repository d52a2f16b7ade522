package io.eventsourcing.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.samples.orders.OrderCommand.AddLine;
import io.eventsourcing.samples.orders.OrderCommand.PayOrder;
import io.eventsourcing.samples.orders.OrderCommand.PlaceOrder;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class PaymentConfirmationsTest {

    private static final TenantId ACME = TenantId.of("acme");
    private static final Money PRICE = Money.of(BigDecimal.TEN, "EUR");

    private final InMemoryOrders orders = new InMemoryOrders();
    private final PaymentConfirmations confirmations = new PaymentConfirmations(orders.store, orders.service);

    @Test
    void confirmsAPaymentOnceAlthoughTheEventComesAgain() {
        RecordedEvent paid = TenantContext.call(ACME, this::payAnOrder);
        confirmations.confirm((OrderPaid) paid.payload(), paid);
        confirmations.confirm((OrderPaid) paid.payload(), paid);
        assertThat(TenantContext.call(ACME, () -> confirmations.sent("o-1")))
                .containsExactly(new Message("Ada", "Your payment of 10.00 EUR for order o-1 has arrived. Thank you!"));
        assertThat(confirmations.sent("o-1")).isEmpty(); // for the default tenant
    }

    private RecordedEvent payAnOrder() {
        handle(new PlaceOrder("o-1", "Ada", PRICE.currency()));
        handle(new AddLine("o-1", null, "cup", 1, PRICE));
        handle(new PayOrder("o-1", null, PRICE));
        return orders.service.history("o-1").toList().get(2);
    }

    private void handle(OrderCommand command) {
        orders.service.handle(command, CommandId.next(), EventMetadata.NONE);
    }
}
