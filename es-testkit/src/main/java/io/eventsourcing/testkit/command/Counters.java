package io.eventsourcing.testkit.command;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.TargetId;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.SnapshotType;
import java.util.List;
import java.util.Map;

/** The aggregate of these tests: a counter, which can be closed. */
@Aggregate("contract-counter")
final class Counters implements Decider<Counters.Command, Counters.Counter, Counters.Event> {

    sealed interface Command {
        String id();
    }

    @CommandType("contract-add")
    record Add(@TargetId String id, int number) implements Command {}

    @CommandType("contract-close")
    record Close(@TargetId String id) implements Command {}

    sealed interface Event {}

    @EventType("contract-added")
    record Added(int number) implements Event {}

    @EventType("contract-closed")
    record Closed() implements Event {}

    @SnapshotType("contract-counter")
    record Counter(int total, int additions, boolean isClosed) {}

    static EventSerialization serialization() {
        return EventSerialization.of(Event.class);
    }

    @Override
    public Counter initialState() {
        return new Counter(0, 0, false);
    }

    /** Negative numbers may be added later, when the counter is high enough; zero means nothing; a hundred is a defect. */
    @Override
    public List<Event> decide(Command command, Counter state) {
        if (state.isClosed()) {
            throw new CommandRejectedException("closed", "The counter is closed.");
        }
        if (command instanceof Close) {
            return List.of(new Closed());
        }
        int number = ((Add) command).number();
        if (number == 100) {
            throw new IllegalStateException("a defect");
        }
        if (state.total() + number < 0) {
            throw new CommandRejectedException(new Rejection(
                    "too low", "The counter would be below zero.", Map.of("total", "" + state.total()), true));
        }
        return number == 0 ? List.of() : List.of(new Added(number));
    }

    @Override
    public Counter evolve(Counter state, Event event) {
        return event instanceof Added added
                ? new Counter(state.total() + added.number(), state.additions() + 1, state.isClosed())
                : new Counter(state.total(), state.additions(), true);
    }
}
