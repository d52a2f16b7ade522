package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.Due;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.function.SingletonSupplier;

/**
 * The bus of the application. It looks for handlers when all beans are there, or when it is first used, so that a handler may be given the
 * bus. Thread-safe.
 */
final class ApplicationCommandBus implements CommandBus, SmartInitializingSingleton {

    private final SingletonSupplier<DirectCommandBus> bus;

    ApplicationCommandBus(Supplier<DirectCommandBus> bus) {
        this.bus = SingletonSupplier.of(bus);
    }

    /** So that what cannot be used fails the start. */
    @Override
    public void afterSingletonsInstantiated() {
        direct();
    }

    DirectCommandBus direct() {
        return bus.obtain();
    }

    CommandHandlers handlers() {
        return direct().handlers();
    }

    @Override
    public CommandResult execute(CommandRequest request) {
        return direct().execute(request);
    }

    @Override
    public void schedule(List<CommandRequest> requests, Due due) {
        direct().schedule(requests, due);
    }
}
