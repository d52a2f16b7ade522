package io.eventsourcing.testkit.saga;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.TargetId;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.saga.ProcessPlan;
import io.eventsourcing.core.saga.SagaDefinition;
import io.eventsourcing.core.serialization.EventSerialization;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The process of these tests: what is paid and packed, in streams of their own and in any order, is sent. Somebody is reminded an hour after
 * it was paid. It is over when it was sent, or when it was lost.
 */
final class Deliveries implements SagaDefinition<Deliveries.State> {

    sealed interface Event {
        String order();
    }

    @EventType("contract-paid")
    record Paid(String order) implements Event {}

    @EventType("contract-packed")
    record Packed(String order) implements Event {}

    @EventType("contract-lost")
    record Lost(String order) implements Event {}

    @EventType("contract-sent")
    record Sent(String order) implements Event {}

    @EventType("contract-looked-at")
    record LookedAt(String order) implements Event {}

    sealed interface Command {}

    @CommandType("contract-send")
    record Send(@TargetId String order) implements Command {}

    @CommandType("contract-remind")
    record Remind(@TargetId String order) implements Command {}

    record State(int paid, int packed) {}

    /** Sends what is to be sent. */
    @Aggregate("contract-delivery")
    static final class Deliverer implements Decider<Command, Integer, Event> {

        @Override
        public Integer initialState() {
            return 0;
        }

        @Override
        public List<Event> decide(Command command, Integer sent) {
            return command instanceof Send send ? List.of(new Sent(send.order())) : List.of();
        }

        @Override
        public Integer evolve(Integer sent, Event event) {
            return sent + 1;
        }
    }

    static EventSerialization serialization() {
        return EventSerialization.of(Event.class);
    }

    private final String name;

    Deliveries(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Class<?>> hears() {
        return Set.of(Paid.class, Packed.class, Sent.class, Lost.class);
    }

    @Override
    public Optional<String> instanceOf(RecordedEvent event) {
        String order = ((Event) event.payload()).order();
        return order.startsWith("other") ? Optional.empty() : Optional.of(order);
    }

    @Override
    public State initialState() {
        return new State(0, 0);
    }

    @Override
    public State evolve(State state, RecordedEvent event) {
        return new State(
                state.paid() + (event.payload() instanceof Paid ? 1 : 0),
                state.packed() + (event.payload() instanceof Packed ? 1 : 0));
    }

    @Override
    public ProcessPlan plan(State state, RecordedEvent event) {
        String order = ((Event) event.payload()).order();
        if (event.payload() instanceof Sent || event.payload() instanceof Lost) {
            return ProcessPlan.nothing().complete();
        }
        if (order.startsWith("poison") && event.payload() instanceof Packed) {
            throw new IllegalStateException("a defect");
        }
        ProcessPlan plan = ProcessPlan.nothing();
        if (state.paid() == state.packed()) {
            plan = plan.send(new Send(order));
        }
        return event.payload() instanceof Paid ? plan.sendAfter(Duration.ofHours(1), new Remind(order)) : plan;
    }
}
