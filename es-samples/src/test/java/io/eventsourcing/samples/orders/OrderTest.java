package io.eventsourcing.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.samples.orders.OrderCommand.AddLine;
import io.eventsourcing.samples.orders.OrderCommand.CancelOrder;
import io.eventsourcing.samples.orders.OrderCommand.PayOrder;
import io.eventsourcing.samples.orders.OrderCommand.PlaceOrder;
import io.eventsourcing.samples.orders.OrderCommand.ShipOrder;
import io.eventsourcing.samples.orders.OrderEvent.LineAdded;
import io.eventsourcing.samples.orders.OrderEvent.OrderCancelled;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import io.eventsourcing.samples.orders.OrderEvent.OrderPlaced;
import io.eventsourcing.samples.orders.OrderEvent.OrderShipped;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderTest {

    private static final Currency EUR = Currency.getInstance("EUR");
    private static final OrderPlaced PLACED = new OrderPlaced("Ada", EUR);
    private static final LineAdded TWO_TEAPOTS = new LineAdded("teapot", 2, euros("19.90"));
    private static final OrderPaid PAID = new OrderPaid(euros("39.80"));
    private static final OrderShipped SHIPPED = new OrderShipped("T-77");
    private static final OrderCancelled CANCELLED = new OrderCancelled("changed my mind");

    private static final AddLine ADD_TEAPOTS = new AddLine("teapot", 2, euros("19.90"));
    private static final PayOrder PAY = new PayOrder(euros("39.80"));
    private static final ShipOrder SHIP = new ShipOrder("T-77");
    private static final CancelOrder CANCEL = new CancelOrder("changed my mind");

    @Test
    void isPlacedFilledPaidAndShipped() {
        assertThat(given().decide(new PlaceOrder("Ada", EUR))).containsExactly(PLACED);
        assertThat(given(PLACED).decide(ADD_TEAPOTS)).containsExactly(TWO_TEAPOTS);
        assertThat(given(PLACED, TWO_TEAPOTS).decide(PAY)).containsExactly(PAID);
        assertThat(given(PLACED, TWO_TEAPOTS, PAID).decide(SHIP)).containsExactly(SHIPPED);
    }

    @Test
    void isCancelledUntilItIsShipped() {
        assertThat(given(PLACED).decide(CANCEL)).containsExactly(CANCELLED);
        assertThat(given(PLACED, TWO_TEAPOTS, PAID).decide(CANCEL)).containsExactly(CANCELLED);
        given(PLACED, TWO_TEAPOTS, PAID, SHIPPED).rejects(CANCEL, Rule.ORDER_CLOSED);
        given(PLACED, CANCELLED).rejects(CANCEL, Rule.ORDER_CLOSED);
    }

    @Test
    void isPlacedOnce() {
        given(PLACED).rejects(new PlaceOrder("Ada", EUR), Rule.ORDER_ALREADY_PLACED);
    }

    @Test
    void isPlacedBeforeAnythingElse() {
        given().rejects(ADD_TEAPOTS, Rule.ORDER_UNKNOWN);
        given().rejects(PAY, Rule.ORDER_UNKNOWN);
        given().rejects(SHIP, Rule.ORDER_UNKNOWN);
        given().rejects(CANCEL, Rule.ORDER_UNKNOWN);
    }

    @Test
    void takesNoLinesAndNoPaymentOnceItIsPaidOrCancelled() {
        given(PLACED, TWO_TEAPOTS, PAID).rejects(ADD_TEAPOTS, Rule.ORDER_NOT_OPEN);
        given(PLACED, TWO_TEAPOTS, PAID).rejects(PAY, Rule.ORDER_NOT_OPEN);
        given(PLACED, TWO_TEAPOTS, CANCELLED).rejects(PAY, Rule.ORDER_NOT_OPEN);
    }

    @Test
    void isShippedOnceAndOnlyWhenItIsPaid() {
        given(PLACED, TWO_TEAPOTS).rejects(SHIP, Rule.ORDER_NOT_PAID);
        given(PLACED, TWO_TEAPOTS, PAID, SHIPPED).rejects(SHIP, Rule.ORDER_NOT_PAID);
        given(PLACED, CANCELLED).rejects(SHIP, Rule.ORDER_NOT_PAID);
    }

    @Test
    void hasLinesThatMakeSense() {
        given(PLACED).rejects(new AddLine("teapot", 0, euros("19.90")), Rule.QUANTITY_NOT_POSITIVE);
        given(PLACED).rejects(new AddLine("teapot", 1, euros("-0.01")), Rule.PRICE_NEGATIVE);
        given(PLACED).rejects(new AddLine("teapot", 1, Money.of(BigDecimal.ONE, "USD")), Rule.CURRENCY_MISMATCH);
    }

    @Test
    void isPaidInFull() {
        given(PLACED).rejects(new PayOrder(euros("0")), Rule.ORDER_EMPTY);
        given(PLACED, TWO_TEAPOTS).rejects(new PayOrder(euros("39.79")), Rule.PAYMENT_NOT_TOTAL);
        given(PLACED, TWO_TEAPOTS).rejects(new PayOrder(Money.of(BigDecimal.TEN, "USD")), Rule.CURRENCY_MISMATCH);
    }

    @Test
    void costsTheSumOfItsLines() {
        Order order = given(PLACED, TWO_TEAPOTS, new LineAdded("cup", 3, euros("1.05")))
                .order();
        assertThat(order.total()).isEqualTo(euros("42.95"));
    }

    @Test
    void isPaidWithMoneyThatExists() {
        assertThat(Money.of(new BigDecimal("1E+1"), "EUR")).hasToString("10.00 EUR");
        assertThat(Money.of(new BigDecimal("10.0"), "JPY")).hasToString("10 JPY");
        rejects(() -> Money.of(new BigDecimal("0.001"), "EUR"), Rule.AMOUNT_TOO_PRECISE);
        rejects(() -> Money.of(new BigDecimal("0.5"), "JPY"), Rule.AMOUNT_TOO_PRECISE);
        rejects(() -> Money.of(new BigDecimal("1E+2147483647"), "EUR"), Rule.AMOUNT_TOO_LARGE);
        rejects(() -> Money.of(BigDecimal.ONE, "EURO"), Rule.CURRENCY_UNKNOWN);
        rejects(() -> Money.of(BigDecimal.ONE, "XXX"), Rule.CURRENCY_UNKNOWN);
    }

    private static Given given(OrderEvent... events) {
        Order order = Order.NONE;
        for (OrderEvent event : events) {
            order = event.applyTo(order);
        }
        return new Given(order);
    }

    private static Money euros(String amount) {
        return Money.of(new BigDecimal(amount), "EUR");
    }

    private static void rejects(Runnable attempt, Rule rule) {
        assertThatExceptionOfType(OrderRejected.class)
                .isThrownBy(attempt::run)
                .satisfies(rejected -> assertThat(rejected.rule()).isEqualTo(rule));
    }

    private record Given(Order order) {

        List<OrderEvent> decide(OrderCommand command) {
            return command.decide(order);
        }

        void rejects(OrderCommand command, Rule rule) {
            OrderTest.rejects(() -> decide(command), rule);
        }
    }
}
