package io.eventsourcing.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.samples.orders.OrderCommand.AddLine;
import io.eventsourcing.samples.orders.OrderCommand.CancelOrder;
import io.eventsourcing.samples.orders.OrderCommand.ExpireOrder;
import io.eventsourcing.samples.orders.OrderCommand.PayOrder;
import io.eventsourcing.samples.orders.OrderCommand.PlaceOrder;
import io.eventsourcing.samples.orders.OrderCommand.ShipOrder;
import io.eventsourcing.samples.orders.OrderEvent.LineAdded;
import io.eventsourcing.samples.orders.OrderEvent.OrderCancelled;
import io.eventsourcing.samples.orders.OrderEvent.OrderExpired;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import io.eventsourcing.samples.orders.OrderEvent.OrderPlaced;
import io.eventsourcing.samples.orders.OrderEvent.OrderShipped;
import io.eventsourcing.testkit.fixture.CommandFixture;
import java.math.BigDecimal;
import java.util.Currency;
import org.junit.jupiter.api.Test;

class OrderTest {

    private static final Currency EUR = Currency.getInstance("EUR");
    private static final OrderPlaced PLACED = new OrderPlaced("Ada", EUR);
    private static final LineAdded TWO_TEAPOTS = new LineAdded("teapot", 2, euros("19.90"));
    private static final OrderPaid PAID = new OrderPaid(euros("39.80"));
    private static final OrderShipped SHIPPED = new OrderShipped("T-77");
    private static final OrderExpired EXPIRED = new OrderExpired();
    private static final OrderCancelled CANCELLED = new OrderCancelled("changed my mind");

    private static final AddLine ADD_TEAPOTS = new AddLine("o-1", null, "teapot", 2, euros("19.90"));
    private static final PayOrder PAY = new PayOrder("o-1", null, euros("39.80"));
    private static final ShipOrder SHIP = new ShipOrder("o-1", null, "T-77");
    private static final ExpireOrder EXPIRE = new ExpireOrder("o-1");
    private static final CancelOrder CANCEL = new CancelOrder("o-1", null, "changed my mind");

    @Test
    void isPlacedFilledPaidAndShipped() {
        given().when(new PlaceOrder("o-1", "Ada", EUR)).then(PLACED);
        given(PLACED).when(ADD_TEAPOTS).then(TWO_TEAPOTS);
        given(PLACED, TWO_TEAPOTS).when(PAY).then(PAID);
        given(PLACED, TWO_TEAPOTS, PAID).when(SHIP).then(SHIPPED);
    }

    @Test
    void isCancelledUntilItIsShipped() {
        given(PLACED).when(CANCEL).then(CANCELLED);
        given(PLACED, TWO_TEAPOTS, PAID).when(CANCEL).then(CANCELLED);
        given(PLACED, TWO_TEAPOTS, PAID, SHIPPED).when(CANCEL).thenRejected(Rule.ORDER_CLOSED.code());
        given(PLACED, CANCELLED).when(CANCEL).thenRejected(Rule.ORDER_CLOSED.code());
    }

    @Test
    void isPlacedOnce() {
        given(PLACED).when(new PlaceOrder("o-1", "Ada", EUR)).thenRejected(Rule.ORDER_ALREADY_PLACED.code());
    }

    @Test
    void isPlacedBeforeAnythingElse() {
        given().when(ADD_TEAPOTS).thenRejected(Rule.ORDER_UNKNOWN.code());
        given().when(PAY).thenRejected(Rule.ORDER_UNKNOWN.code());
        given().when(SHIP).thenRejected(Rule.ORDER_UNKNOWN.code());
        given().when(CANCEL).thenRejected(Rule.ORDER_UNKNOWN.code());
    }

    @Test
    void takesNoLinesAndNoPaymentOnceItIsPaidOrCancelled() {
        given(PLACED, TWO_TEAPOTS, PAID).when(ADD_TEAPOTS).thenRejected(Rule.ORDER_NOT_OPEN.code());
        given(PLACED, TWO_TEAPOTS, PAID).when(PAY).thenRejected(Rule.ORDER_NOT_OPEN.code());
        given(PLACED, TWO_TEAPOTS, CANCELLED).when(PAY).thenRejected(Rule.ORDER_NOT_OPEN.code());
    }

    @Test
    void isShippedOnceAndOnlyWhenItIsPaid() {
        given(PLACED, TWO_TEAPOTS).when(SHIP).thenRejected(Rule.ORDER_NOT_PAID.code());
        given(PLACED, TWO_TEAPOTS, PAID, SHIPPED).when(SHIP).thenRejected(Rule.ORDER_NOT_PAID.code());
        given(PLACED, CANCELLED).when(SHIP).thenRejected(Rule.ORDER_NOT_PAID.code());
    }

    @Test
    void expiresOnlyWhileItIsOpen() {
        given(PLACED, TWO_TEAPOTS).when(EXPIRE).then(EXPIRED);
        given(PLACED, TWO_TEAPOTS, PAID).when(EXPIRE).thenNothing();
        given(PLACED, TWO_TEAPOTS, PAID, SHIPPED).when(EXPIRE).thenNothing();
        given(PLACED, CANCELLED).when(EXPIRE).thenNothing();
        given(PLACED, EXPIRED).when(EXPIRE).thenNothing();
        given().when(EXPIRE).thenNothing();
    }

    @Test
    void isOverOnceItHasExpired() {
        given(PLACED, TWO_TEAPOTS, EXPIRED).when(PAY).thenRejected(Rule.ORDER_NOT_OPEN.code());
        given(PLACED, TWO_TEAPOTS, EXPIRED).when(SHIP).thenRejected(Rule.ORDER_NOT_PAID.code());
        given(PLACED, TWO_TEAPOTS, EXPIRED).when(CANCEL).thenRejected(Rule.ORDER_CLOSED.code());
    }

    @Test
    void hasLinesThatMakeSense() {
        given(PLACED)
                .when(new AddLine("o-1", null, "teapot", 0, euros("19.90")))
                .thenRejected(Rule.QUANTITY_NOT_POSITIVE.code());
        given(PLACED)
                .when(new AddLine("o-1", null, "teapot", 1, euros("-0.01")))
                .thenRejected(Rule.PRICE_NEGATIVE.code());
        given(PLACED)
                .when(new AddLine("o-1", null, "teapot", 1, Money.of(BigDecimal.ONE, "USD")))
                .thenRejected(Rule.CURRENCY_MISMATCH.code());
    }

    @Test
    void isPaidInFull() {
        given(PLACED).when(new PayOrder("o-1", null, euros("0"))).thenRejected(Rule.ORDER_EMPTY.code());
        given(PLACED, TWO_TEAPOTS)
                .when(new PayOrder("o-1", null, euros("39.79")))
                .thenRejected(Rule.PAYMENT_NOT_TOTAL.code());
        given(PLACED, TWO_TEAPOTS)
                .when(new PayOrder("o-1", null, Money.of(BigDecimal.TEN, "USD")))
                .thenRejected(Rule.CURRENCY_MISMATCH.code());
    }

    @Test
    void isChangedOnlyAtTheVersionThatTheCallerHasSeen() {
        AddLine seenAtOne = new AddLine("o-1", 1L, "teapot", 2, euros("19.90"));
        given(PLACED).when(seenAtOne).then(TWO_TEAPOTS);
        given(PLACED, TWO_TEAPOTS)
                .when(seenAtOne)
                .thenRejected(rejection -> assertThat(rejection)
                        .isEqualTo(Rejection.of(
                                "order-changed",
                                "The order is at version 2, but you have seen version 1. Nothing was changed."
                                        + " Look at it again.")));
        given().when(seenAtOne).thenRejected(Rule.ORDER_UNKNOWN.code());
    }

    @Test
    void costsTheSumOfItsLines() {
        Order order = Order.NONE.after(PLACED).after(TWO_TEAPOTS).after(new LineAdded("cup", 3, euros("1.05")));
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

    private static CommandFixture given(Object... events) {
        return CommandFixture.of(new Orders()).given("o-1", events);
    }

    private static Money euros(String amount) {
        return Money.of(new BigDecimal(amount), "EUR");
    }

    private static void rejects(Runnable attempt, Rule rule) {
        assertThatExceptionOfType(CommandRejectedException.class)
                .isThrownBy(attempt::run)
                .satisfies(rejected ->
                        assertThat(Rule.ofCode(rejected.rejection().code())).hasValue(rule));
    }
}
