package io.eventsourcing.samples.orders;

import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Shows orders, and has commands handled. Works for the tenant in scope. Thread-safe. */
@Service
public class OrderService {

    private final EventStorePort store;
    private final CommandBus bus;

    OrderService(EventStorePort store, CommandBus bus) {
        this.store = store;
        this.bus = bus;
    }

    /**
     * The order as it is now.
     *
     * @param id the order's id
     * @return the order
     * @throws CommandRejectedException if there is none
     */
    public PlacedOrder get(String id) {
        EventStream events = history(id);
        return new PlacedOrder(id, fold(events, events.version()));
    }

    /**
     * Everything that happened to the order.
     *
     * @param id the order's id
     * @return its events, oldest first
     * @throws CommandRejectedException if there is none
     */
    public EventStream history(String id) {
        EventStream events = store.load(streamOf(id));
        if (!events.exists()) {
            throw Checks.unknown();
        }
        return events;
    }

    /**
     * Carries out a command, once: sent again under its id, it has its first answer, whatever happened to the order since.
     *
     * @param command what shall happen
     * @param id the command's id
     * @param metadata who wants it, and what it belongs to
     * @return the order right after the command
     * @throws CommandRejectedException if a rule forbids it
     * @throws io.eventsourcing.core.command.CommandIdReusedException if the id is known for another command
     * @throws io.eventsourcing.core.event.VersionConflictException if others were faster each time
     */
    public PlacedOrder handle(OrderCommand command, CommandId id, EventMetadata metadata) {
        String orderId = streamOf(command.orderId()).id();
        CommandRequest request = new CommandRequest(command, id, TenantContext.current(), metadata);
        return after(bus.execute(request).orThrow().version(), orderId);
    }

    private PlacedOrder after(@Nullable StreamVersion version, String id) {
        EventStream events = history(id);
        return new PlacedOrder(id, fold(events, version == null ? events.version() : version));
    }

    private static Order fold(EventStream events, StreamVersion last) {
        return events.fold(
                Order.NONE,
                (order, event) ->
                        event.version().compareTo(last) > 0 ? order : order.after((OrderEvent) event.payload()));
    }

    private static StreamId streamOf(String id) {
        try {
            return StreamId.of(Orders.STREAM_TYPE, id);
        } catch (IllegalArgumentException e) {
            throw Rule.ORDER_ID_INVALID.broken(String.valueOf(e.getMessage()));
        }
    }
}
