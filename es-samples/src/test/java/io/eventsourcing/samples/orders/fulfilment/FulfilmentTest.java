package io.eventsourcing.samples.orders.fulfilment;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.samples.orders.Money;
import io.eventsourcing.samples.orders.OrderCommand;
import io.eventsourcing.samples.orders.OrderCommand.ExpireOrder;
import io.eventsourcing.samples.orders.OrderCommand.ShipOrder;
import io.eventsourcing.samples.orders.OrderEvent;
import io.eventsourcing.samples.orders.OrderEvent.LineAdded;
import io.eventsourcing.samples.orders.OrderEvent.OrderCancelled;
import io.eventsourcing.samples.orders.OrderEvent.OrderExpired;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import io.eventsourcing.samples.orders.OrderEvent.OrderPlaced;
import io.eventsourcing.samples.orders.OrderEvent.OrderShipped;
import io.eventsourcing.testkit.fixture.SagaFixture;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FulfilmentTest {

    private static final StreamId ORDER = StreamId.of("order", "o-1");
    private static final StreamId SHIPMENT = StreamId.of("shipment", "o-1");
    private static final Duration TIME_TO_PAY = Duration.ofMinutes(30);

    private static final Money PRICE = Money.of(BigDecimal.TEN, "EUR");
    private static final OrderPlaced PLACED = new OrderPlaced("Ada", PRICE.currency());
    private static final LineAdded CUP = new LineAdded("cup", 1, PRICE);
    private static final OrderPaid PAID = new OrderPaid(PRICE);
    private static final OrderCancelled CANCELLED = new OrderCancelled("changed my mind");
    private static final ShipmentPrepared PREPARED = new ShipmentPrepared("T-o-1");

    @Test
    void setsATimeToPay() {
        given().when(ORDER, PLACED)
                .thenSent()
                .thenSentAfter(TIME_TO_PAY, new ExpireOrder("o-1"))
                .thenGoesOn();
    }

    @Test
    void waitsForThePayment() {
        given(PLACED).when(ORDER, CUP).thenNothing().thenGoesOn();
    }

    @Test
    void preparesTheShipmentOfAPaidOrder() {
        given(PLACED, CUP)
                .when(ORDER, PAID)
                .thenSent(new PrepareShipment("o-1"))
                .thenSentAfter(TIME_TO_PAY)
                .thenGoesOn();
    }

    @Test
    void shipsWhatIsPaidAndPrepared() {
        given(PLACED, CUP, PAID)
                .when(SHIPMENT, PREPARED)
                .thenSent(new ShipOrder("o-1", null, "T-o-1"))
                .thenGoesOn();
    }

    @Test
    void shipsNothingThatIsNotPaid() {
        given(PLACED, CUP).when(SHIPMENT, PREPARED).thenNothing().thenGoesOn();
    }

    @Test
    void shipsNothingThatWasCancelledBeforeItWasPrepared() {
        given(PLACED, CUP, PAID, CANCELLED)
                .when(SHIPMENT, PREPARED)
                .thenNothing()
                .thenComplete();
    }

    @Test
    void isOverWhenTheOrderIs() {
        given(PLACED, CUP, PAID)
                .when(ORDER, new OrderShipped("T-77"))
                .thenNothing()
                .thenComplete();
        given(PLACED).when(ORDER, CANCELLED).thenNothing().thenComplete();
        given(PLACED).when(ORDER, new OrderExpired()).thenNothing().thenComplete();
    }

    private static SagaFixture given(Object... events) {
        return SagaFixture.of(
                        new Fulfilment(TIME_TO_PAY),
                        EventSerialization.of(OrderEvent.class, ShipmentPrepared.class),
                        OrderCommand.class,
                        PrepareShipment.class)
                .given(ORDER, events);
    }
}
