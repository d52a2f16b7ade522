package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandSettings;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.CommandWorkers;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.TargetId;
import io.eventsourcing.core.command.WorkerSettings;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.memory.InMemoryCommandStore;
import io.eventsourcing.memory.InMemoryEventStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code in the page about commands. */
class CommandSnippetsTest {

    sealed interface SeatEvent {}

    @EventType("seat-reserved")
    record Reserved(String by) implements SeatEvent {}

    @EventType("seat-released")
    record Released() implements SeatEvent {}

    // tag::decider
    sealed interface SeatCommand {}

    @CommandType("reserve-seat")
    record Reserve(@TargetId String seat, String by) implements SeatCommand {}

    @CommandType("release-seat")
    record Release(@TargetId String seat) implements SeatCommand {}

    record Seat(String takenBy) {}

    @Aggregate("seat")
    static class Seats implements Decider<SeatCommand, Seat, SeatEvent> {

        @Override
        public Seat initialState() {
            return new Seat("");
        }

        @Override
        public List<SeatEvent> decide(SeatCommand command, Seat seat) {
            if (command instanceof Reserve reserve) {
                if (!seat.takenBy().isEmpty()) {
                    throw new CommandRejectedException("taken", "The seat is taken.");
                }
                return List.of(new Reserved(reserve.by()));
            }
            return seat.takenBy().isEmpty() ? List.of() : List.of(new Released());
        }

        @Override
        public Seat evolve(Seat seat, SeatEvent event) {
            return new Seat(event instanceof Reserved reserved ? reserved.by() : "");
        }
    }
    // end::decider

    @Test
    void executesAndSchedules() {
        EventSerialization serialization = EventSerialization.of(SeatEvent.class);
        InMemoryEventStore events = new InMemoryEventStore(serialization);
        InMemoryCommandStore commands = new InMemoryCommandStore(events);
        // tag::bus
        CommandHandlers handlers = CommandHandlers.builder(events, events, commands)
                .decider(new Seats())
                .build(serialization);
        DirectCommandBus bus = new DirectCommandBus(handlers, List.of(), CommandSettings.DEFAULT, CommandObserver.NONE);

        CommandResult reserved = bus.execute(new Reserve("12a", "ann"));
        CommandResult taken = bus.execute(new Reserve("12a", "bob"));
        CommandId release = bus.schedule(new Release("12a"), Duration.ofMillis(10));
        // end::bus
        assertThat(reserved.isSuccess()).isTrue();
        assertThat(taken).isEqualTo(CommandResult.Rejection.of("taken", "The seat is taken."));
        // tag::workers
        try (CommandWorkers workers = new CommandWorkers(bus, commands, WorkerSettings.of("node 1"))) {
            await().until(() -> commands.list(CommandQuery.all().withStatus(CommandStatus.PENDING))
                    .isEmpty());
        }
        // end::workers
        assertThat(commands.list(CommandQuery.all().withStatus(CommandStatus.PROCESSED)))
                .hasSize(2)
                .anyMatch(command -> command.id().equals(release));
    }
}
