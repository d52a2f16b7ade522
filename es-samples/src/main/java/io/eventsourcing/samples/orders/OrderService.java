package io.eventsourcing.samples.orders;

import io.eventsourcing.core.event.AppendOutcomeUnknownException;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.TransientStoreException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Loads an order, lets a command decide, and appends what happened. Works for the tenant in scope. Thread-safe. */
@Service
public class OrderService {

    private static final String STREAM_TYPE = "order";
    private static final int ATTEMPTS = 5;

    private final EventStorePort store;

    OrderService(EventStorePort store) {
        this.store = store;
    }

    /**
     * The order as it is now.
     *
     * @param id the order's id
     * @return the order
     * @throws OrderRejected if there is none
     */
    public OrderAtVersion get(String id) {
        EventStream events = history(id);
        return new OrderAtVersion(id, events.version(), fold(events));
    }

    /**
     * Everything that happened to the order.
     *
     * @param id the order's id
     * @return its events, oldest first
     * @throws OrderRejected if there is none
     */
    public EventStream history(String id) {
        EventStream events = store.load(streamOf(id));
        if (!events.exists()) {
            throw OrderRejected.unknown();
        }
        return events;
    }

    /**
     * Carries out a command. Whoever was faster is taken into account: the order is loaded again and the command decides
     * anew, a few times.
     *
     * @param id the order's id
     * @param seen the version that the caller has seen, to refuse the command for any other; null to demand none
     * @param command what shall happen
     * @param metadata who wants it, and what it belongs to
     * @return the order afterwards
     * @throws OrderRejected if a rule forbids it
     * @throws OrderChangedException if the order is not at the version that the caller has seen
     * @throws VersionConflictException if others were faster each time
     */
    public OrderAtVersion handle(
            String id, @Nullable StreamVersion seen, OrderCommand command, EventMetadata metadata) {
        for (int attempt = 1; ; attempt++) {
            try {
                return decideAndAppend(id, seen, command, metadata);
            } catch (VersionConflictException | TransientStoreException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private OrderAtVersion decideAndAppend(
            String id, @Nullable StreamVersion seen, OrderCommand command, EventMetadata metadata) {
        EventStream past = store.load(streamOf(id));
        if (seen != null && past.exists() && !seen.equals(past.version())) {
            throw new OrderChangedException(seen, past.version());
        }
        Order order = fold(past);
        List<OrderEvent> decided = command.decide(order);
        List<NewEvent> events = decided.stream()
                .map(event -> NewEvent.of(event).withMetadata(metadata))
                .toList();
        AppendResult result = append(AppendRequest.of(past.id(), ExpectedVersion.exactly(past.version()), events));
        for (OrderEvent event : decided) {
            order = event.applyTo(order);
        }
        return new OrderAtVersion(id, result.version(), order);
    }

    /** The same request has the same event ids: what the first attempt may have written is not written twice. */
    private AppendResult append(AppendRequest request) {
        try {
            return store.append(request);
        } catch (AppendOutcomeUnknownException e) {
            return store.append(request);
        }
    }

    private static Order fold(EventStream events) {
        return events.fold(Order.NONE, OrderEvent.class, (order, event) -> event.applyTo(order));
    }

    private static StreamId streamOf(String id) {
        try {
            return StreamId.of(STREAM_TYPE, id);
        } catch (IllegalArgumentException e) {
            throw new OrderRejected(Rule.ORDER_ID_INVALID, String.valueOf(e.getMessage()));
        }
    }
}
