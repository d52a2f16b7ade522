package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.AppendOutcomeUnknownException;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.SnapshotAndEvents;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.docs.application.Order;
import io.eventsourcing.docs.application.OrderEvent;
import io.eventsourcing.docs.application.OrderEvent.Placed;
import io.eventsourcing.docs.application.OrderEvent.Shipped;
import io.eventsourcing.memory.InMemoryEventStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What docs/event-store.md shows. */
class EventStoreSnippetsTest {

    private final EventStorePort store = new InMemoryEventStore(EventSerialization.of(OrderEvent.class));

    @Test
    void appendsToANewStream() {
        // tag::append
        StreamId stream = StreamId.of("order", "o-1");
        AppendResult result = store.append(
                AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed("o-1", new BigDecimal("20.00"))));
        // end::append
        assertThat(result.version()).isEqualTo(StreamVersion.of(1));
        assertThat(result.positions()).hasSize(1);
        assertThat(result.alreadyRecorded()).isFalse();
    }

    @Test
    void loadsAndFolds() {
        StreamId stream = placed("o-1");
        // tag::load
        EventStream events = store.load(stream);
        Order order = events.fold(Order.NONE, Order::apply);
        StreamVersion version = events.version(); // what the next append expects
        // end::load
        assertThat(order.placed()).isTrue();
        assertThat(version).isEqualTo(StreamVersion.of(1));
        assertThat(store.load(StreamId.of("order", "unknown")).exists()).isFalse();
    }

    @Test
    void loadsBackward() {
        StreamId stream = placed("o-1");
        ship(stream);
        // tag::backward
        List<RecordedEvent> latest = store.loadBackward(stream, 1).toList();
        // end::backward
        assertThat(latest).extracting(RecordedEvent::payload).containsExactly(new Shipped("o-1"));
    }

    @Test
    void namesBothVersionsInAConflict() {
        StreamId stream = placed("o-1");
        assertThatThrownBy(() -> placed("o-1"))
                .hasMessage("Stream 'order-o-1' is at version 1, but the append expected no stream."
                        + " No events were written. Reload the stream and decide again.");
        assertThatThrownBy(() -> store.append(AppendRequest.of(stream, ExpectedVersion.exactly(5), new Shipped("o-1"))))
                .hasMessageContaining("is at version 1, but the append expected version 5");
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(1));
    }

    @Test
    void decidesAgainAfterAConflict() {
        StreamId stream = placed("o-1");
        AtomicInteger attempts = new AtomicInteger();
        EventStorePort contended = beforeAppend(() -> {
            if (attempts.getAndIncrement() == 0) {
                store.append(AppendRequest.of(stream, ExpectedVersion.any(), new Placed("o-1", BigDecimal.TEN)));
            }
        });
        shipDecidingAgain(contended, stream);
        assertThat(attempts).hasValue(2);
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(3));
    }

    // tag::decide-again
    static void shipDecidingAgain(EventStorePort store, StreamId stream) {
        for (int attempt = 1; ; attempt++) {
            EventStream events = store.load(stream);
            Order order = events.fold(Order.NONE, Order::apply);
            if (!order.placed() || order.shipped()) {
                throw new IllegalStateException("The order cannot be shipped.");
            }
            try {
                store.append(
                        AppendRequest.of(stream, ExpectedVersion.exactly(events.version()), new Shipped(stream.id())));
                return;
            } catch (VersionConflictException e) {
                if (attempt == 3) {
                    throw e;
                }
            }
        }
    }
    // end::decide-again

    @Test
    void acknowledgesARetryWithItsOriginalPositions() {
        StreamId stream = StreamId.of("order", "o-1");
        // tag::retry
        AppendRequest request = AppendRequest.of( // the event ids are drawn here, once
                stream, ExpectedVersion.noStream(), new Placed("o-1", new BigDecimal("20.00")));
        AppendResult first = store.append(request);
        AppendResult again = store.append(request); // the same ids: acknowledged, not written again
        // end::retry
        assertThat(again.alreadyRecorded()).isTrue();
        assertThat(again.positions()).isEqualTo(first.positions());
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(1));
    }

    @Test
    void retriesAnAppendWhoseOutcomeIsUnknown() {
        StreamId stream = StreamId.of("order", "o-1");
        AtomicInteger attempts = new AtomicInteger();
        EventStorePort lossy = afterAppend(() -> {
            if (attempts.getAndIncrement() == 0) {
                throw new AppendOutcomeUnknownException(stream.toString(), new IllegalStateException());
            }
        });
        AppendResult result =
                appendOnce(lossy, AppendRequest.of(stream, ExpectedVersion.any(), new Placed("o-1", BigDecimal.ONE)));
        assertThat(result.alreadyRecorded()).isTrue();
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(1));
    }

    // tag::outcome-unknown
    static AppendResult appendOnce(EventStorePort store, AppendRequest request) {
        try {
            return store.append(request);
        } catch (AppendOutcomeUnknownException e) {
            return store.append(request); // the same request, and so the same event ids
        }
    }
    // end::outcome-unknown

    @Test
    void appendsToSeveralStreamsOrToNone() {
        StreamId one = StreamId.of("order", "o-1");
        StreamId two = StreamId.of("order", "o-2");
        // tag::several
        List<AppendResult> results = store.appendAll(List.of(
                AppendRequest.of(one, ExpectedVersion.noStream(), new Placed("o-1", BigDecimal.ONE)),
                AppendRequest.of(two, ExpectedVersion.noStream(), new Placed("o-2", BigDecimal.TEN))));
        // end::several
        assertThat(results).extracting(AppendResult::stream).containsExactly(one, two);
        StreamId three = StreamId.of("order", "o-3");
        assertThatThrownBy(() -> store.appendAll(List.of(
                        AppendRequest.of(three, ExpectedVersion.noStream(), new Placed("o-3", BigDecimal.ONE)),
                        AppendRequest.of(one, ExpectedVersion.noStream(), new Shipped("o-1")))))
                .isInstanceOf(VersionConflictException.class);
        assertThat(store.exists(three)).isFalse();
    }

    @Test
    void carriesMetadataFromCauseToEffect() {
        StreamId stream = StreamId.of("order", "o-1");
        // tag::metadata
        NewEvent placed = NewEvent.of(new Placed("o-1", new BigDecimal("20.00")))
                .withMetadata(EventMetadata.builder()
                        .requestId("req-7")
                        .actor("alice")
                        .occurredAt(Instant.parse("2026-01-01T12:00:00Z"))
                        .build())
                .withTags(Tag.of("customer", "c-1"));
        store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), List.of(placed)));

        RecordedEvent cause = store.load(stream).toList().get(0);
        NewEvent shipped = NewEvent.of(new Shipped("o-1")).withMetadata(EventMetadata.causedBy(cause));
        // end::metadata
        assertThat(cause.occurredAt()).isEqualTo(Instant.parse("2026-01-01T12:00:00Z"));
        assertThat(cause.tags()).containsExactly(Tag.of("customer", "c-1"));
        assertThat(shipped.metadata().correlationId()).isEqualTo(cause.id().toString());
        assertThat(shipped.metadata().causationId()).isEqualTo(cause.id().toString());
        assertThat(shipped.metadata().requestId()).isEqualTo("req-7");
        assertThat(shipped.metadata().actor()).isEqualTo("alice");
        assertThat(shipped.metadata().occurredAt()).isNull();
    }

    @Test
    void commitsASnapshotWithItsEvents() {
        StreamId stream = placed("o-1");
        // tag::snapshot
        SnapshotAndEvents<Order> loaded = store.loadWithSnapshot(stream, Order.class);
        Order order = loaded.fold(Order.NONE, Order::apply);

        Order shipped = new Order(order.placed(), order.total(), true);
        store.append(AppendRequest.of(stream, ExpectedVersion.exactly(loaded.version()), new Shipped("o-1"))
                .withSnapshot(shipped));
        // end::snapshot
        SnapshotAndEvents<Order> again = store.loadWithSnapshot(stream, Order.class);
        assertThat(again.events()).isEmpty();
        assertThat(again.fold(Order.NONE, Order::apply)).isEqualTo(shipped);
        assertThat(again.version()).isEqualTo(StreamVersion.of(2));
        assertThatThrownBy(() -> AppendRequest.of(stream, ExpectedVersion.any(), new Shipped("o-1"))
                        .withSnapshot(shipped))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void archivesAndDeletes() {
        StreamId archived = placed("o-1");
        StreamId deleted = placed("o-2");
        // tag::archive
        store.archive(archived); // appends are refused, loading works
        store.delete(deleted); // events and snapshots are gone, the id is never used again
        // end::archive
        assertThat(store.load(archived)).hasSize(1);
        assertThatThrownBy(() -> ship(archived)).isInstanceOf(StreamArchivedException.class);
        assertThatThrownBy(() -> store.load(deleted)).isInstanceOf(StreamDeletedException.class);
        assertThatThrownBy(() -> ship(deleted)).isInstanceOf(StreamDeletedException.class);
        assertThat(store.exists(deleted)).isFalse();
        store.unarchive(archived);
        ship(archived);
        assertThat(store.load(archived)).hasSize(2);
    }

    private StreamId placed(String orderId) {
        StreamId stream = StreamId.of("order", orderId);
        store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed(orderId, BigDecimal.ONE)));
        return stream;
    }

    private void ship(StreamId stream) {
        store.append(AppendRequest.of(stream, ExpectedVersion.streamExists(), new Shipped(stream.id())));
    }

    private EventStorePort beforeAppend(Runnable action) {
        return intercepting(action, () -> {});
    }

    private EventStorePort afterAppend(Runnable action) {
        return intercepting(() -> {}, action);
    }

    private EventStorePort intercepting(Runnable before, Runnable after) {
        return (EventStorePort) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EventStorePort.class}, (proxy, method, arguments) -> {
                    boolean appends = method.getName().equals("append");
                    try {
                        if (appends) {
                            before.run();
                        }
                        Object result = method.invoke(store, arguments);
                        if (appends) {
                            after.run();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
