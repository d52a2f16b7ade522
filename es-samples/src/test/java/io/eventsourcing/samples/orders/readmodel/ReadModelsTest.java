package io.eventsourcing.samples.orders.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.projection.ReadModels;
import io.eventsourcing.samples.orders.Money;
import io.eventsourcing.samples.orders.Order.Status;
import io.eventsourcing.samples.orders.OrderEvent;
import io.eventsourcing.samples.orders.OrderEvent.LineAdded;
import io.eventsourcing.samples.orders.OrderEvent.OrderCancelled;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import io.eventsourcing.samples.orders.OrderEvent.OrderPlaced;
import io.eventsourcing.testkit.projection.ProjectionFixture;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ReadModelsTest {

    private static final EventSerialization SERIALIZATION = EventSerialization.of(OrderEvent.class);
    private static final StreamId FIRST = StreamId.of("order", "o-1");
    private static final StreamId SECOND = StreamId.of("order", "o-2");
    private static final OrderPlaced PLACED = new OrderPlaced("Ada", Currency.getInstance("EUR"));

    private static ProjectionFixture fixture(Function<ReadModels, Object> projection, Class<?> record) {
        return ProjectionFixture.inMemory(SERIALIZATION, projection, record);
    }

    private static Money euros(String amount) {
        return Money.of(new BigDecimal(amount), "EUR");
    }

    @Test
    void anOrderHasOneRowThatFollowsIt() {
        ProjectionFixture fixture =
                fixture(models -> new OrderSummaries(models.updater(OrderSummary.class)), OrderSummary.class);
        List<OrderSummary> open = fixture.given(
                        FIRST, PLACED, new LineAdded("cup", 2, euros("1.50")), new LineAdded("pot", 1, euros("9.90")))
                .rows(OrderSummary.class);
        assertThat(open).singleElement().satisfies(row -> {
            assertThat(row.total()).isEqualTo("12.90");
            assertThat(row.lines()).isEqualTo(2);
            assertThat(row.status()).isEqualTo(Status.OPEN);
        });

        List<OrderSummary> both = fixture.given(FIRST, new OrderPaid(euros("12.90")))
                .given(SECOND, PLACED, new OrderCancelled("changed my mind"))
                .rows(OrderSummary.class);
        assertThat(both).extracting(OrderSummary::status).containsExactly(Status.PAID, Status.CANCELLED);
    }

    @Test
    void aDayTakesFromAllOrdersThatWerePaid() {
        List<DayRevenue> days = fixture(models -> new RevenuePerDay(models.updater(DayRevenue.class)), DayRevenue.class)
                .given(FIRST, new OrderPaid(euros("12.90")))
                .given(SECOND, new OrderPaid(euros("0.10")))
                .rows(DayRevenue.class);
        assertThat(days.stream().map(DayRevenue::revenue).reduce(BigDecimal.ZERO, BigDecimal::add))
                .as("of today, and of tomorrow at midnight")
                .isEqualTo("13.00");
        assertThat(days.stream().mapToInt(DayRevenue::orders).sum()).isEqualTo(2);
    }

    @Test
    void anArticleCountsInAllOrders() {
        List<ArticleDemand> articles = fixture(
                        models -> new DemandPerArticle(models.updater(ArticleDemand.class)), ArticleDemand.class)
                .given(FIRST, new LineAdded("cup", 2, euros("1")), new LineAdded("pot", 1, euros("1")))
                .given(SECOND, new LineAdded("cup", 3, euros("1")))
                .rows(ArticleDemand.class);
        assertThat(articles)
                .extracting(ArticleDemand::sku, ArticleDemand::pieces)
                .containsExactly(tuple("cup", 5L), tuple("pot", 1L));
    }
}
