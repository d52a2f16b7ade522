package io.eventsourcing.testkit.command;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.ClaimRequest;
import io.eventsourcing.core.command.ClaimedCommand;
import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.CommandQueuePort;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandStorePort;
import io.eventsourcing.core.command.Completed;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Keeps no command, and says that all is well. */
public final class DoNothingCommands implements CommandStorePort, CommandQueuePort {

    @Override
    public Set<CommandId> save(List<NewCommand> commands) {
        return Set.of();
    }

    @Override
    public Optional<StoredCommand> find(TenantId tenant, CommandId id) {
        return Optional.empty();
    }

    @Override
    public Optional<CommandResult> knownResult(NewCommand command) {
        return Optional.empty();
    }

    @Override
    public List<StoredCommand> list(CommandQuery query) {
        return List.of();
    }

    @Override
    public Completed complete(CommandCompletion completion) {
        return new Completed(CommandResult.Success.NOTHING, false);
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
        return work.get();
    }

    @Override
    public boolean cancel(TenantId tenant, CommandId id, String reason) {
        return false;
    }

    @Override
    public boolean delete(TenantId tenant, CommandId id) {
        return false;
    }

    @Override
    public int purge(Duration endedBefore, int atMost) {
        return 0;
    }

    @Override
    public List<ClaimedCommand> claim(ClaimRequest request) {
        return List.of();
    }

    @Override
    public Set<Claim> extend(Collection<Claim> claims, Duration lease) {
        return Set.of();
    }

    @Override
    public void retry(Claim claim, Duration pause, String error, boolean counts) {}

    @Override
    public void release(Collection<Claim> claims) {}
}
