package io.eventsourcing.core.command;

import io.eventsourcing.core.tenant.TenantContext;
import java.util.ArrayList;
import java.util.List;

/** A {@link CommandBus} whose commands are handled in this process, by the thread that sends them or by {@link CommandWorkers}. */
public final class DirectCommandBus implements CommandBus {

    private final CommandExecutor executor;

    /**
     * A bus with these handlers.
     *
     * @param handlers who handles which commands
     * @param checks look at each command before it is handled or stored
     * @param settings how commands are handled
     * @param observer is told what becomes of them
     */
    public DirectCommandBus(
            CommandHandlers handlers, List<CommandCheck> checks, CommandSettings settings, CommandObserver observer) {
        List<CommandCheck> all = new ArrayList<>();
        all.add(new PayloadTenantCheck());
        all.addAll(checks);
        this.executor = new CommandExecutor(handlers, all, settings, observer);
    }

    /**
     * Who handles which commands.
     *
     * @return the handlers
     */
    public CommandHandlers handlers() {
        return executor.handlers();
    }

    CommandExecutor executor() {
        return executor;
    }

    @Override
    public CommandResult execute(CommandRequest request) {
        NewCommand command = executor.handlers().toStore(request, Due.NOW);
        return executor.execute(request, new SentCommand(request.command(), command, null));
    }

    @Override
    public void schedule(List<CommandRequest> requests, Due due) {
        List<NewCommand> commands = new ArrayList<>();
        for (CommandRequest request : requests) {
            commands.add(executor.handlers().toStore(request, due));
            TenantContext.call(request.tenant(), () -> executor.rejection(request))
                    .ifPresent(rejection -> {
                        throw new CommandRejectedException(rejection);
                    });
        }
        executor.handlers().store().save(commands);
    }
}
