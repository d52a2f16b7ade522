package io.eventsourcing.testkit.command;

import io.eventsourcing.core.command.AggregateSettings;
import io.eventsourcing.core.command.CommandCheck;
import io.eventsourcing.core.command.CommandHandler;
import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandSettings;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.TargetId;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of a bus share: a decider, a bean with a method, and what an observer is told. */
abstract class BusRules {

    @CommandType("contract-copy")
    record Copy(@TargetId String to, String from, boolean isRejected) {}

    private final Supplier<CommandsUnderTest> opener;
    final TenantId tenant = TenantId.of("t-" + UUID.randomUUID());
    final List<CommandCheck> checks = new ArrayList<>();
    final List<Integer> decided = new CopyOnWriteArrayList<>();
    CommandsUnderTest commands;

    @SuppressWarnings("NullAway.Init") // opened before each test
    BusRules(Supplier<CommandsUnderTest> opener) {
        this.opener = opener;
    }

    @BeforeEach
    void open() {
        commands = opener.get();
    }

    /** Copies the total of a counter to another one: with events of its own, and a value. */
    static final class Copier {

        private final EventStorePort events;

        Copier(EventStorePort events) {
            this.events = events;
        }

        @CommandHandler(target = "contract-copies")
        Object copy(Copy command, EventMetadata metadata, CommandId id) {
            StreamId from = StreamId.of("contract-counter", command.from());
            int total = events.load(from)
                    .fold(0, Counters.Event.class, (sum, event) -> sum + ((Counters.Added) event).number());
            events.append(AppendRequest.of(
                    StreamId.of("contract-copies", command.to()), ExpectedVersion.any(), new Counters.Added(total)));
            return command.isRejected() ? Rejection.of("unwanted", id + " caused by " + metadata.causationId()) : total;
        }
    }

    final CommandHandlers handlers(AggregateSettings settings) {
        return CommandHandlers.builder(commands.events(), commands.snapshots(), commands.store())
                .decider(new Counters(), settings)
                .methods(new Copier(commands.events()), Copier.class)
                .build(Counters.serialization());
    }

    final DirectCommandBus bus() {
        return bus(AggregateSettings.of(Counters.class));
    }

    final DirectCommandBus bus(AggregateSettings settings) {
        return new DirectCommandBus(handlers(settings), checks, CommandSettings.DEFAULT, new CommandObserver() {
            @Override
            public void handled(String type, CommandResult result, int times, Duration took) {
                decided.add(times);
            }
        });
    }

    final CommandRequest request(Object command) {
        return CommandRequest.of(command).forTenant(tenant);
    }

    final StreamId stream(String id) {
        return new StreamId(tenant, "contract-counter", id);
    }

    final int total(String id) {
        return commands.events()
                .load(stream(id))
                .fold(0, Counters.Event.class, (sum, event) -> sum + ((Counters.Added) event).number());
    }
}
