package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.HighWaterMark;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.docs.application.OrderEvent;
import io.eventsourcing.docs.application.OrderEvent.Placed;
import io.eventsourcing.docs.application.OrderEvent.Shipped;
import io.eventsourcing.memory.InMemoryEventStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What docs/log.md shows. */
class LogSnippetsTest {

    private final InMemoryEventStore store = new InMemoryEventStore(EventSerialization.of(OrderEvent.class));
    private final EventLogPort log = store;
    private final List<RecordedEvent> handled = new ArrayList<>();

    private void append(String orderId, Object... payloads) {
        store.append(AppendRequest.of(StreamId.of("order", orderId), ExpectedVersion.any(), payloads));
    }

    private void handle(RecordedEvent event) {
        handled.add(event);
    }

    @Test
    void follows() {
        append("o-1", new Placed("o-1", BigDecimal.TEN), new Shipped("o-1"));
        // tag::follow
        GlobalPosition position = GlobalPosition.START; // or where you stopped the last time
        LogPage page;
        do {
            page = log.read(LogQuery.startingAfter(position));
            page.events().forEach(this::handle);
            position = page.position();
        } while (!page.isLast());
        // end::follow
        assertThat(handled).hasSize(2);
        assertThat(log.read(LogQuery.startingAfter(position)).entries()).isEmpty();
    }

    @Test
    void followsTheTail() throws InterruptedException {
        EventSerialization serialization = EventSerialization.of(OrderEvent.class);
        GlobalPosition position = GlobalPosition.START;
        // tag::tail
        try (LogTail tail = new LogTail(log, serialization, TailSettings.DEFAULT)) {
            store.onAppend(tail::wake);
            append("o-1", new Placed("o-1", BigDecimal.TEN));

            do {
                LogPage page = tail.read(LogQuery.startingAfter(position));
                page.events().forEach(this::handle);
                position = page.position();
            } while (handled.isEmpty() && tail.await(position, Duration.ofSeconds(10)));
        }
        // end::tail
        assertThat(handled).hasSize(1);
    }

    @Test
    void filters() {
        append("o-1", new Placed("o-1", BigDecimal.TEN), new Shipped("o-1"));
        GlobalPosition position = GlobalPosition.START;
        // tag::filter
        LogFilter shipments = LogFilter.ALL.ofTenant(TenantId.DEFAULT).ofTypes(Set.of("order-shipped"));
        LogPage page =
                log.read(LogQuery.startingAfter(position).matching(shipments).limitedTo(100));
        // end::filter
        assertThat(page.events()).extracting(RecordedEvent::payload).containsExactly(new Shipped("o-1"));
    }

    @Test
    void tellsWhatHoldsTheMarkBack() {
        // tag::mark
        HighWaterMark mark = log.highWaterMark();
        String state = mark.heldBackBy()
                .map(append -> mark.lag() + " positions wait for " + append)
                .orElse("nothing waits");
        // end::mark
        assertThat(state).isEqualTo("nothing waits");
    }
}
