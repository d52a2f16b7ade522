package io.eventsourcing.docs;

import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.TargetId;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.saga.ProcessPlan;
import io.eventsourcing.core.saga.SagaDefinition;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.fixture.SagaFixture;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The snippets of the page on sagas. */
class SagaSnippetsTest {

    sealed interface OrderEvent {}

    @EventType("saga-placed")
    record Placed() implements OrderEvent {}

    @EventType("saga-paid")
    record Paid() implements OrderEvent {}

    @EventType("saga-shipped")
    record Shipped() implements OrderEvent {}

    sealed interface OrderCommand {}

    @CommandType("saga-ship")
    record Ship(@TargetId String orderId) implements OrderCommand {}

    @CommandType("saga-expire")
    record Expire(@TargetId String orderId) implements OrderCommand {}

    // tag::saga
    record Progress(boolean isPaid) {}

    static class Fulfilment implements SagaDefinition<Progress> {

        @Override
        public String name() {
            return "fulfilment";
        }

        @Override
        public Set<Class<?>> hears() {
            return Set.of(OrderEvent.class);
        }

        @Override
        public Optional<String> instanceOf(RecordedEvent event) {
            return Optional.of(event.stream().id());
        }

        @Override
        public Progress initialState() {
            return new Progress(false);
        }

        @Override
        public Progress evolve(Progress state, RecordedEvent event) {
            return event.payload() instanceof Paid ? new Progress(true) : state;
        }

        @Override
        public ProcessPlan plan(Progress state, RecordedEvent event) {
            String orderId = event.stream().id();
            if (event.payload() instanceof Placed) {
                return ProcessPlan.nothing().sendAfter(Duration.ofMinutes(30), new Expire(orderId));
            }
            if (event.payload() instanceof Paid) {
                return ProcessPlan.nothing().send(new Ship(orderId));
            }
            return ProcessPlan.nothing().complete();
        }
    }
    // end::saga

    @Test
    void isTriedWithoutAnything() {
        // tag::fixture
        StreamId order = StreamId.of("order", "o-1");
        SagaFixture.of(new Fulfilment(), EventSerialization.of(OrderEvent.class), OrderCommand.class)
                .given(order, new Placed())
                .when(order, new Paid())
                .thenSent(new Ship("o-1"))
                .thenGoesOn();
        // end::fixture
        SagaFixture.of(new Fulfilment(), EventSerialization.of(OrderEvent.class), OrderCommand.class)
                .when(order, new Placed())
                .thenSentAfter(Duration.ofMinutes(30), new Expire("o-1"));
        SagaFixture.of(new Fulfilment(), EventSerialization.of(OrderEvent.class), OrderCommand.class)
                .when(order, new Shipped())
                .thenComplete();
    }
}
