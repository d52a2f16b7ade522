package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.docs.application.Order;
import io.eventsourcing.docs.application.OrderEvent;
import io.eventsourcing.docs.application.OrderEvent.Placed;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What docs/testing.md shows. */
class TestingSnippetsTest {

    @Nested
    class InMemory {

        // tag::memory
        private final InMemoryEventStore store = new InMemoryEventStore(EventSerialization.of(OrderEvent.class));

        @Test
        void findsAPlacedOrder() {
            StreamId stream = StreamId.of("order", "o-1");
            store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed("o-1", BigDecimal.TEN)));

            Order order = store.load(stream).fold(Order.NONE, Order::apply);

            assertThat(order.placed()).isTrue();
        }
        // end::memory

        @Test
        void recordsAtTheTimeOfTheClock() {
            // tag::clock
            Clock clock = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
            InMemoryEventStore store = new InMemoryEventStore(EventSerialization.of(OrderEvent.class), clock);
            // end::clock
            StreamId stream = StreamId.of("order", "o-1");
            store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed("o-1", BigDecimal.TEN)));
            assertThat(store.load(stream)).extracting(RecordedEvent::recordedAt).containsExactly(clock.instant());
        }

        @Test
        void readsWithAnotherSerialization() {
            StreamId stream = StreamId.of("order", "o-1");
            store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed("o-1", BigDecimal.TEN)));
            EventSerialization newer = EventSerialization.of(OrderEvent.class);
            // tag::reopen
            InMemoryEventStore reopened = store.reopenWith(newer); // the same data, read as a newer deployment would
            // end::reopen
            assertThat(reopened.load(stream)).hasSize(1);
        }
    }

    // tag::postgres
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();

    @Test
    void keepsEventsInPostgres() {
        new EventStoreSchema(dataSource).migrate();
        PostgresEventStore store = new PostgresEventStore(dataSource, EventSerialization.of(OrderEvent.class));
        StreamId stream = StreamId.of("order", "o-1");
        store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed("o-1", BigDecimal.TEN)));
        assertThat(store.load(stream).toList()).hasSize(1);
    }
    // end::postgres
}
