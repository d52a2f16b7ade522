package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.AggregateSettings;
import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.command.CommandCheck;
import io.eventsourcing.core.command.CommandHandler;
import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandSettings;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.CommandWorkers;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.TargetId;
import io.eventsourcing.core.command.WorkerSettings;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.SnapshotPolicy;
import io.eventsourcing.core.snapshot.SnapshotTiming;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.memory.InMemoryCommandStore;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.spring.CommandHandlersCustomizer;
import io.eventsourcing.testkit.fixture.CommandFixture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/** The code in the page about commands. */
class CommandSnippetsTest {

    sealed interface SeatEvent {}

    @EventType("seat-reserved")
    record Reserved(String by) implements SeatEvent {}

    @EventType("seat-released")
    record Released() implements SeatEvent {}

    @EventType("ticket-sent")
    record TicketSent(String to) {}

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

    // tag::use
    static class Desk {

        private final CommandBus commands;

        Desk(CommandBus commands) {
            this.commands = commands;
        }

        String reserve(String seat, String by) {
            CommandResult result = commands.execute(new Reserve(seat, by));
            commands.schedule(new Release(seat), Duration.ofMinutes(30));
            return result instanceof Rejection rejection ? rejection.message() : "Reserved.";
        }
    }
    // end::use

    // tag::method
    @CommandType("send-ticket")
    record SendTicket(@TargetId String seat, String to) {}

    static class Tickets {

        private final EventStorePort events;

        Tickets(EventStorePort events) {
            this.events = events;
        }

        @CommandHandler(target = "ticket")
        String send(SendTicket command, EventMetadata metadata, CommandId id) {
            TicketSent sent = new TicketSent(command.to());
            events.append(AppendRequest.of(
                    StreamId.of("ticket", command.seat()),
                    ExpectedVersion.any(),
                    List.of(NewEvent.of(sent).withMetadata(metadata))));
            return "ticket " + id;
        }
    }
    // end::method

    // tag::settings
    @Bean
    AggregateSettings seats() {
        return AggregateSettings.of(Seats.class)
                .withSnapshots(
                        SnapshotPolicy.everyEvents(100)
                                .or(SnapshotPolicy.whenLoadingTookLongerThan(Duration.ofMillis(50))),
                        SnapshotTiming.AFTER_APPEND);
    }
    // end::settings

    // tag::check
    @Bean
    CommandCheck onlyTheDeskReleases() {
        return request -> request.command() instanceof Release
                        && !"desk".equals(request.metadata().role())
                ? Optional.of(Rejection.of(Rejection.FORBIDDEN, "Only the desk releases seats."))
                : Optional.empty();
    }
    // end::check

    // tag::routing
    @Bean
    CommandHandlersCustomizer routing() {
        return handlers -> handlers.target(MoveSeat.class, MoveSeat::from);
    }
    // end::routing

    @CommandType("move-seat")
    record MoveSeat(String from, String to) {}

    @Test
    void isUsedWithMethodsAndChecks() {
        // tag::fixture
        CommandFixture.of(new Seats())
                .given("12a", new Reserved("ann"))
                .when(new Reserve("12a", "bob"))
                .thenRejected("taken");
        // end::fixture
        CommandFixture.of(new Seats())
                .check(onlyTheDeskReleases())
                .when(new Release("12a"))
                .thenRejected(Rejection.FORBIDDEN);
        CommandFixture.ofMethods("ticket", EventSerialization.of(TicketSent.class), Tickets::new)
                .when(new SendTicket("12a", "ann"))
                .then(new TicketSent("ann"));
        assertThat(seats().snapshots()).isNotNull();
        assertThat(routing()).isNotNull();

        EventSerialization serialization = EventSerialization.of(SeatEvent.class);
        InMemoryEventStore events = new InMemoryEventStore(serialization);
        InMemoryCommandStore commands = new InMemoryCommandStore(events);
        Desk desk = new Desk(new DirectCommandBus(
                CommandHandlers.builder(events, events, commands)
                        .decider(new Seats())
                        .build(serialization),
                List.of(),
                CommandSettings.DEFAULT,
                CommandObserver.NONE));
        assertThat(desk.reserve("12a", "ann")).isEqualTo("Reserved.");
        assertThat(desk.reserve("12a", "bob")).isEqualTo("The seat is taken.");
        // tag::repeat
        CommandRequest request = CommandRequest.of(new Reserve("12b", "ann")).withId(CommandId.named("http", "key-1"));
        // end::repeat
        assertThat(request.id()).isEqualTo(CommandId.named("http", "key-1"));
    }

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
