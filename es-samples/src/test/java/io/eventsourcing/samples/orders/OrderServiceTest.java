package io.eventsourcing.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.samples.orders.Order.Status;
import io.eventsourcing.samples.orders.OrderCommand.AddLine;
import io.eventsourcing.samples.orders.OrderCommand.CancelOrder;
import io.eventsourcing.samples.orders.OrderCommand.PayOrder;
import io.eventsourcing.samples.orders.OrderCommand.PlaceOrder;
import java.math.BigDecimal;
import java.util.Currency;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderServiceTest {

    private static final Money PRICE = Money.of(BigDecimal.ONE, "EUR");
    private static final PlaceOrder PLACE = new PlaceOrder("o-1", "Ada", Currency.getInstance("EUR"));
    private static final AddLine ADD_CUP = new AddLine("o-1", null, "cup", 1, PRICE);
    private static final PayOrder PAY = new PayOrder("o-1", null, PRICE);

    private final OrderService orders = new InMemoryOrders().service;

    @BeforeEach
    void placeAnOrder() {
        handle(PLACE, CommandId.next());
    }

    @Test
    void answersWithTheOrderRightAfterTheCommand() {
        PlacedOrder filled = handle(ADD_CUP, CommandId.next());
        assertThat(filled.order().version()).isEqualTo(2);
        assertThat(filled.order().lines()).containsExactly(new Order.Line("cup", 1, PRICE));
        assertThat(orders.get("o-1")).isEqualTo(filled);
    }

    @Test
    void givesARepeatedCommandItsFirstAnswerAlthoughTheOrderWentOn() {
        CommandId id = CommandId.next();
        PlacedOrder first = handle(ADD_CUP, id);
        handle(PAY, CommandId.next());
        assertThat(handle(ADD_CUP, id)).isEqualTo(first);
        assertThat(orders.get("o-1").order().status()).isEqualTo(Status.PAID);
        assertThat(orders.get("o-1").order().lines()).hasSize(1);
    }

    @Test
    void keepsToARejectionAlthoughTheOrderWentOn() {
        CommandId id = CommandId.next();
        Rejection first = rejectionOf(() -> handle(PAY, id));
        handle(ADD_CUP, CommandId.next());
        assertThat(rejectionOf(() -> handle(PAY, id))).isEqualTo(first);
        assertThat(first).isEqualTo(Rejection.of("order-empty", "The order has no lines, so there is nothing to pay."));
    }

    @Test
    void refusesAnotherCommandUnderTheSameId() {
        CommandId id = CommandId.next();
        handle(ADD_CUP, id);
        assertThatExceptionOfType(CommandIdReusedException.class)
                .isThrownBy(() -> handle(new AddLine("o-1", null, "cup", 2, PRICE), id));
        assertThat(orders.get("o-1").order().lines()).hasSize(1);
    }

    @Test
    void keepsTenantsApart() {
        CommandId id = CommandId.next();
        handle(ADD_CUP, id);
        TenantContext.run(TenantId.of("globex"), () -> {
            assertThat(rejectionOf(() -> orders.get("o-1")).code()).isEqualTo("order-unknown");
            handle(PLACE, id); // which is another command of this tenant
            assertThat(orders.get("o-1").order().lines()).isEmpty();
        });
        assertThat(orders.get("o-1").order().lines()).hasSize(1);
    }

    @Test
    void refusesAnIdThatNobodyCanRead() {
        CancelOrder cancel = new CancelOrder("o-\u0000", null, "mistake");
        assertThat(rejectionOf(() -> handle(cancel, CommandId.next())).code()).isEqualTo("order-id-invalid");
        assertThat(rejectionOf(() -> orders.get("o-\u0000")).code()).isEqualTo("order-id-invalid");
    }

    @Test
    void notesWhoSentTheCommandAndWhatItBelongsTo() {
        CommandId id = CommandId.next();
        orders.handle(
                ADD_CUP,
                id,
                EventMetadata.builder().correlationId("demo-1").actor("ada").build());
        RecordedEvent added = orders.history("o-1").toList().get(1);
        assertThat(added.metadata().correlationId()).isEqualTo("demo-1");
        assertThat(added.metadata().actor()).isEqualTo("ada");
        assertThat(added.metadata().causationId()).isEqualTo(id.toString());
    }

    private PlacedOrder handle(OrderCommand command, CommandId id) {
        return orders.handle(command, id, EventMetadata.NONE);
    }

    private static Rejection rejectionOf(Runnable attempt) {
        Rejection[] rejection = new Rejection[1];
        assertThatExceptionOfType(CommandRejectedException.class)
                .isThrownBy(attempt::run)
                .satisfies(rejected -> rejection[0] = rejected.rejection());
        return rejection[0];
    }
}
