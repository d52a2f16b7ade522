package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;
import io.eventsourcing.core.readmodel.ReadModelPage;
import io.eventsourcing.core.readmodel.ReadModelPort;
import io.eventsourcing.core.readmodel.ReadModelQuery;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.memory.InMemoryCheckpoints;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.memory.InMemoryReadModels;
import io.eventsourcing.projection.LiveProjections;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.projection.ProjectionDefinition;
import io.eventsourcing.projection.ProjectionMode;
import io.eventsourcing.projection.ProjectionStatus;
import io.eventsourcing.projection.Projections;
import io.eventsourcing.projection.ReadModels;
import io.eventsourcing.projection.RebuildProgress;
import io.eventsourcing.spring.TransactionSettings;
import io.eventsourcing.testkit.projection.ProjectionFixture;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The snippets of the page on projections. */
class ProjectionSnippetsTest {

    sealed interface OrderEvent {}

    @EventType("projected-placed")
    record Placed(String customer, BigDecimal total) implements OrderEvent {}

    @EventType("projected-paid")
    record Paid(BigDecimal amount) implements OrderEvent {}

    @EventType("projected-cancelled")
    record Cancelled() implements OrderEvent {}

    private static final EventSerialization SERIALIZATION = EventSerialization.of(OrderEvent.class);

    // tag::read-model
    @ReadModel(table = "order_summary")
    record OrderSummary(
            @Id String orderId,
            String customer,
            BigDecimal total,
            @Nullable LocalDate paidOn) {}
    // end::read-model

    // tag::projection
    @Projection(name = "order-summary")
    static class OrderSummaries {

        private final ReadModelUpdaterPort<OrderSummary> summaries;

        OrderSummaries(ReadModelUpdaterPort<OrderSummary> summaries) {
            this.summaries = summaries;
        }

        @EventHandler
        void placed(Placed event, RecordedEvent recorded) {
            summaries.upsert(new OrderSummary(recorded.stream().id(), event.customer(), event.total(), null));
        }

        @EventHandler
        void paid(Paid event, RecordedEvent recorded) {
            LocalDate day = LocalDate.ofInstant(recorded.occurredAt(), ZoneOffset.UTC);
            summaries.update(recorded.stream().id()).set("paidOn", day);
        }

        @EventHandler
        void cancelled(Cancelled event, RecordedEvent recorded) {
            summaries.delete(recorded.stream().id());
        }
    }
    // end::projection

    // tag::across
    @ReadModel(table = "revenue_per_day")
    record DayRevenue(@Id LocalDate day, BigDecimal revenue, int payments) {}

    @Projection(name = "revenue-per-day", single = true)
    static class Revenue {

        private final ReadModelUpdaterPort<DayRevenue> days;

        Revenue(ReadModelUpdaterPort<DayRevenue> days) {
            this.days = days;
        }

        @EventHandler
        void paid(Paid event, RecordedEvent recorded) {
            LocalDate day = LocalDate.ofInstant(recorded.occurredAt(), ZoneOffset.UTC);
            DayRevenue before = days.get(day).orElse(new DayRevenue(day, BigDecimal.ZERO, 0));
            days.upsert(new DayRevenue(day, before.revenue().add(event.amount()), before.payments() + 1));
        }
    }
    // end::across

    @Projection(name = "order-now", mode = ProjectionMode.LIVE)
    static class OrderNow extends OrderSummaries {
        OrderNow(ReadModelUpdaterPort<OrderSummary> summaries) {
            super(summaries);
        }
    }

    // tag::reading
    record Page(List<OrderSummary> orders, @Nullable String next) {}

    static Optional<OrderSummary> order(ReadModelPort<OrderSummary> summaries, String id) {
        return summaries.get(id);
    }

    static Page ordersOf(ReadModelPort<OrderSummary> summaries, String customer, @Nullable String after) {
        ReadModelPage<OrderSummary> page = summaries.find(ReadModelQuery.all()
                .where("customer", customer)
                .descendingBy("total")
                .limitedTo(20)
                .after(after));
        return new Page(page.rows(), page.next());
    }
    // end::reading

    // tag::await
    static boolean pay(EventStorePort events, Projections projections, StreamId order, BigDecimal amount)
            throws InterruptedException {
        AppendResult paid = events.append(AppendRequest.of(order, ExpectedVersion.any(), new Paid(amount)));
        return projections.await("order-summary", paid, Duration.ofSeconds(2));
    }
    // end::await

    // tag::live
    static Optional<OrderSummary> asOfNow(LiveProjections live, StreamId order) {
        return live.ofStream("order-now", order).get(OrderSummary.class, order.id());
    }
    // end::live

    // tag::rebuild
    static String rebuild(Projections projections) {
        projections.rebuild("order-summary");
        return projections.status().stream()
                .map(ProjectionStatus::rebuild)
                .filter(progress -> progress != null)
                .map(RebuildProgress::bar)
                .findFirst()
                .orElse("done");
    }
    // end::rebuild

    // tag::role
    static TransactionSettings roleOfTheUser() {
        return () -> Map.of("app.user_role", CurrentUser.role());
    }
    // end::role

    private static final class CurrentUser {
        static String role() {
            return "manager";
        }
    }

    @Test
    void settingsAreThoseOfTheUser() {
        assertThat(roleOfTheUser().current()).containsEntry("app.user_role", "manager");
    }

    // tag::fixture
    @Test
    void aPaidOrderHasTheDay() {
        StreamId order = StreamId.of("order", "o-1");
        ProjectionFixture.inMemory(
                        SERIALIZATION,
                        models -> new OrderSummaries(models.updater(OrderSummary.class)),
                        OrderSummary.class)
                .given(order, new Placed("Ada", new BigDecimal("9.90")))
                .then(OrderSummary.class, new OrderSummary("o-1", "Ada", new BigDecimal("9.90"), null))
                .given(order, new Cancelled())
                .then(OrderSummary.class);
    }
    // end::fixture

    @Test
    void paymentsOfADayAreSummedUp() {
        List<DayRevenue> days = ProjectionFixture.inMemory(
                        SERIALIZATION, models -> new Revenue(models.updater(DayRevenue.class)), DayRevenue.class)
                .given(StreamId.of("order", "o-1"), new Paid(BigDecimal.ONE))
                .given(StreamId.of("order", "o-2"), new Paid(BigDecimal.TEN))
                .rows(DayRevenue.class);
        assertThat(days).singleElement().satisfies(day -> {
            assertThat(day.revenue()).isEqualByComparingTo("11");
            assertThat(day.payments()).isEqualTo(2);
        });
    }

    @Test
    void aLiveProjectionAnswersFromTheStream() {
        InMemoryEventStore store = new InMemoryEventStore(SERIALIZATION);
        StreamId order = StreamId.of("order", "o-1");
        store.append(AppendRequest.of(order, ExpectedVersion.noStream(), new Placed("Ada", BigDecimal.TEN)));
        InMemoryCheckpoints checkpoints = new InMemoryCheckpoints();
        ReadModels models = new ReadModels(new InMemoryReadModels(checkpoints), SERIALIZATION.json());
        LiveProjections live = new LiveProjections(store, store, models);
        live.add(ProjectionDefinition.of(
                new OrderNow(models.updater(OrderSummary.class)),
                SERIALIZATION.eventTypes(),
                List.of(OrderSummary.class)));
        assertThat(asOfNow(live, order)).map(OrderSummary::customer).contains("Ada");
    }
}
