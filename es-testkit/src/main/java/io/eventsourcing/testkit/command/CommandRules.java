package io.eventsourcing.testkit.command;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.ClaimRequest;
import io.eventsourcing.core.command.ClaimedCommand;
import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.command.CommandSerialization;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.CommandTypes;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of a command store share. Each has a tenant, and types of commands for its workers, of its own. */
abstract class CommandRules {

    static final Duration LEASE = Duration.ofMinutes(5);

    private final Supplier<CommandsUnderTest> opener;
    final CommandSerialization serialization = new CommandSerialization(
            CommandTypes.of(List.of(Counters.Command.class)), Counters.serialization(), List.of());
    final TenantId tenant = TenantId.of("t-" + UUID.randomUUID());
    CommandsUnderTest commands;

    @SuppressWarnings("NullAway.Init") // opened before each test
    CommandRules(Supplier<CommandsUnderTest> opener) {
        this.opener = opener;
    }

    @BeforeEach
    void open() {
        commands = opener.get();
    }

    final StreamId stream(String id) {
        return new StreamId(tenant, "contract-counter", id);
    }

    final NewCommand add(String id, int number) {
        return add(CommandId.next(), id, number, Due.NOW);
    }

    final NewCommand add(CommandId command, String id, int number, Due due) {
        return new NewCommand(
                command,
                stream(id),
                serialization.write(stream(id), new Counters.Add(id, number)),
                EventMetadata.NONE,
                due);
    }

    final NewCommand saved(NewCommand command) {
        commands.store().save(List.of(command));
        return command;
    }

    final StoredCommand found(NewCommand command) {
        return commands.store().find(command.stream().tenant(), command.id()).orElseThrow();
    }

    final CommandStatus status(NewCommand command) {
        return found(command).status();
    }

    /** Ends it with one event, after so many others of its stream. */
    final CommandResult complete(NewCommand command, @Nullable Claim claim, long version) {
        AppendRequest append =
                AppendRequest.of(command.stream(), ExpectedVersion.exactly(version), new Counters.Added(1));
        return commands.store()
                .complete(new CommandCompletion(command, claim, Success.NOTHING, append))
                .result();
    }

    final int events(String id) {
        return commands.events().load(stream(id)).toList().size();
    }

    /** What a worker takes of this tenant; what it takes of others that use the store it gives back. */
    final List<ClaimedCommand> claim(int limit) {
        List<ClaimedCommand> mine = new ArrayList<>();
        List<Claim> foreign = new ArrayList<>();
        while (true) {
            List<ClaimedCommand> claimed = commands.queue().claim(request(limit + foreign.size(), null));
            claimed.stream()
                    .filter(each -> each.command().stream().tenant().equals(tenant))
                    .forEach(mine::add);
            List<Claim> others = claimed.stream()
                    .map(ClaimedCommand::claim)
                    .filter(claim -> !claim.tenant().equals(tenant))
                    .toList();
            foreign.addAll(others);
            if (others.isEmpty() || mine.size() >= limit) {
                commands.queue().release(foreign);
                return mine;
            }
        }
    }

    final ClaimedCommand claimed(NewCommand command) {
        List<ClaimedCommand> claimed = commands.queue().claim(request(1, command.stream()));
        if (claimed.size() != 1 || !claimed.get(0).command().id().equals(command.id())) {
            throw new AssertionError("The " + command + " cannot be taken, but " + claimed);
        }
        return claimed.get(0);
    }

    final ClaimRequest request(int limit, @Nullable StreamId stream) {
        return new ClaimRequest("worker", limit, LEASE, Map.of("contract-add", 1, "contract-close", 1), stream);
    }
}
