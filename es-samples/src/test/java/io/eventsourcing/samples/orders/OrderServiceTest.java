package io.eventsourcing.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendOutcomeUnknownException;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.samples.orders.OrderCommand.AddLine;
import io.eventsourcing.samples.orders.OrderCommand.PlaceOrder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.Currency;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderServiceTest {

    private static final AddLine CUP = new AddLine("cup", 1, Money.of(BigDecimal.ONE, "EUR"));

    private final EventStorePort store = new InMemoryEventStore(EventSerialization.of(OrderEvent.class));
    private final OrderService orders = new OrderService(store);

    @BeforeEach
    void placeAnOrder() {
        orders.handle("o-1", null, new PlaceOrder("Ada", Currency.getInstance("EUR")), EventMetadata.NONE);
    }

    @Test
    void decidesAnewWhenSomebodyElseWasFaster() {
        OrderAtVersion result = addCup(new OrderService(disturbed(2, Disturbance.BEFORE, this::addCup)), null);
        assertThat(result.version()).isEqualTo(StreamVersion.of(4));
        assertThat(result.order().lines()).hasSize(3);
    }

    @Test
    void givesUpWhenOthersAreFasterEachTime() {
        OrderService unlucky = new OrderService(disturbed(Integer.MAX_VALUE, Disturbance.BEFORE, this::addCup));
        assertThatExceptionOfType(VersionConflictException.class).isThrownBy(() -> addCup(unlucky, null));
        assertThat(orders.get("o-1").order().lines()).hasSize(5);
    }

    @Test
    void doesNotDecideAnewForACallerWhoHasSeenAVersion() {
        OrderService disturbed = new OrderService(disturbed(1, Disturbance.BEFORE, this::addCup));
        assertThatExceptionOfType(OrderChangedException.class)
                .isThrownBy(() -> addCup(disturbed, StreamVersion.FIRST))
                .withMessage("The order is at version 2, but you have seen version 1. Nothing was changed."
                        + " Look at it again.");
    }

    @Test
    void writesOnceWhenTheAcknowledgementIsLost() {
        OrderService disconnected = new OrderService(disturbed(1, Disturbance.AFTER, () -> {
            throw new AppendOutcomeUnknownException("stream 'order-o-1'", new IllegalStateException("cable"));
        }));
        assertThat(addCup(disconnected, null).version()).isEqualTo(StreamVersion.of(2));
        assertThat(orders.get("o-1").order().lines()).hasSize(1);
    }

    @Test
    void keepsTenantsApart() {
        TenantContext.run(
                TenantId.of("globex"),
                () -> assertThatExceptionOfType(OrderRejected.class)
                        .isThrownBy(() -> orders.get("o-1"))
                        .withMessage("There is no such order."));
    }

    private void addCup() {
        addCup(orders, null);
    }

    private static OrderAtVersion addCup(OrderService orders, StreamVersion seen) {
        return orders.handle("o-1", seen, CUP, EventMetadata.NONE);
    }

    private enum Disturbance {
        BEFORE,
        AFTER
    }

    /** The store, with something happening around its first appends. */
    private EventStorePort disturbed(int times, Disturbance when, Runnable disturbance) {
        int[] left = {times};
        return (EventStorePort) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EventStorePort.class}, (proxy, method, arguments) -> {
                    boolean disturb = method.getName().startsWith("append") && left[0]-- > 0;
                    if (disturb && when == Disturbance.BEFORE) {
                        disturbance.run();
                    }
                    try {
                        Object result = method.invoke(store, arguments);
                        if (disturb && when == Disturbance.AFTER) {
                            disturbance.run();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
