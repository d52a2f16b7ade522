package io.eventsourcing.postgres.command;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.CommandHandler;
import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.command.CommandSettings;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.postgres.PostgresCommandStore;
import io.eventsourcing.postgres.PostgresEventStore;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Who handles {@link Work}. Neither remembers what it has handled: that a command acts once is for the library to see to. */
final class WorkHandlers {

    static final Rejection REJECTION = Rejection.of("unwanted", "The work is not wanted.");

    private WorkHandlers() {}

    /** The bus of a node; what comes in the midst of a command may take its time, or fail. */
    static DirectCommandBus bus(
            PostgresEventStore events, PostgresCommandStore commands, String node, Consumer<Work> midst) {
        CommandHandlers handlers = CommandHandlers.builder(events, events, commands)
                .decider(new Decisions(node, midst))
                .methods(new Writes(events, node, midst), Writes.class)
                .build(Worked.SERIALIZATION);
        return new DirectCommandBus(handlers, List.of(), CommandSettings.DEFAULT, CommandObserver.NONE);
    }

    private static List<Worked> worked(Work work, String by) {
        return IntStream.rangeClosed(1, Math.max(1, work.kind().events()))
                .mapToObj(part -> new Worked(work.number(), part, by))
                .toList();
    }

    @Aggregate("kill-decided")
    record Decisions(String node, Consumer<Work> midst) implements Decider<Work.Decide, Integer, Worked> {

        @Override
        public Integer initialState() {
            return 0;
        }

        @Override
        public List<Worked> decide(Work.Decide command, Integer state) {
            midst.accept(command);
            if (command.kind() == Work.Kind.REJECTED) {
                throw new CommandRejectedException(REJECTION);
            }
            return worked(command, node);
        }

        @Override
        public Integer evolve(Integer state, Worked event) {
            return state + 1;
        }
    }

    record Writes(EventStorePort events, String node, Consumer<Work> midst) {

        @CommandHandler(target = "kill-written")
        CommandResult write(Work.Write command, EventMetadata metadata) {
            List<NewEvent> worked = worked(command, node).stream()
                    .map(event -> NewEvent.of(event).withMetadata(metadata))
                    .toList();
            events.append(
                    AppendRequest.of(StreamId.of("kill-written", command.stream()), ExpectedVersion.any(), worked));
            midst.accept(command);
            return command.kind() == Work.Kind.REJECTED ? REJECTION : Success.NOTHING;
        }
    }
}
