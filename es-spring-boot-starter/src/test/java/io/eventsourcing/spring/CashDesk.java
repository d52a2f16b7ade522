package io.eventsourcing.spring;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.command.CommandHandler;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.TargetId;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.saga.ProcessPlan;
import io.eventsourcing.core.saga.SagaDefinition;
import io.eventsourcing.core.snapshot.SnapshotType;
import io.eventsourcing.spring.shop.ShopClosed;
import io.eventsourcing.spring.shop.ShopEvent;
import io.eventsourcing.spring.shop.ShopEvent.ShopOpened;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application with commands: shops are opened by a decider, a method greets later, and who greets is thanked by a saga. */
@Configuration(proxyBeanMethods = false)
class CashDesk {

    @CommandType("open-shop")
    record OpenShop(
            @TargetId String id,

            @NotBlank(message = "is blank") @Size(max = 20, message = "is too long")
            String name) {}

    @CommandType("greet")
    record Greet(String name, String id) {}

    @CommandType("rename-shop")
    record Rename(String id, String name) {}

    @SnapshotType("shop")
    record State(int opened) {}

    @Aggregate("shop")
    static class Shops implements Decider<OpenShop, State, ShopEvent> {

        @Override
        public State initialState() {
            return new State(0);
        }

        @Override
        public List<ShopEvent> decide(OpenShop command, State state) {
            if (state.opened() > 2) {
                throw new CommandRejectedException("open", "The shop was opened three times.");
            }
            return List.of(new ShopOpened(command.name()));
        }

        @Override
        public State evolve(State state, ShopEvent event) {
            return new State(state.opened() + 1);
        }
    }

    /** Is given the bus that it handles commands of. */
    static class Greeter {

        private final CommandBus bus;

        Greeter(CommandBus bus) {
            this.bus = bus;
        }

        @CommandHandler
        String greet(Greet command) {
            bus.schedule(new OpenShop(command.id(), command.name()), Duration.ZERO);
            return "Hello " + command.name();
        }
    }

    record Seen(int events) {}

    /** Opens a shop again, until it was opened three times. */
    static class Reopening implements SagaDefinition<Seen> {

        @Override
        public String name() {
            return "reopening";
        }

        @Override
        public Set<Class<?>> hears() {
            return Set.of(ShopOpened.class, ShopClosed.class);
        }

        @Override
        public Optional<String> instanceOf(RecordedEvent event) {
            return Optional.of(event.stream().id());
        }

        @Override
        public Seen initialState() {
            return new Seen(0);
        }

        @Override
        public Seen evolve(Seen state, RecordedEvent event) {
            return new Seen(state.events() + 1);
        }

        @Override
        public ProcessPlan plan(Seen state, RecordedEvent event) {
            return state.events() == 3
                    ? ProcessPlan.nothing().complete()
                    : ProcessPlan.nothing().send(new OpenShop(event.stream().id(), "again " + state.events()));
        }
    }

    @Bean
    Shops shops() {
        return new Shops();
    }

    @Bean
    Greeter greeter(CommandBus bus) {
        return new Greeter(bus);
    }
}
