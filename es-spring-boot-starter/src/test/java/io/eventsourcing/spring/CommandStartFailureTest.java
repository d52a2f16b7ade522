package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.AggregateSettings;
import io.eventsourcing.core.command.CommandHandler;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.saga.ProcessPlan;
import io.eventsourcing.core.saga.SagaDefinition;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.EventSubscriber;
import io.eventsourcing.spring.CashDesk.OpenShop;
import io.eventsourcing.spring.shop.ShopApplication;
import io.eventsourcing.spring.shop.ShopEvent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the user reads when a handler of commands or a saga keeps the application from starting: the text that Spring Boot prints. */
@ExtendWith(OutputCaptureExtension.class)
class CommandStartFailureTest {

    private static final String PREFIX = CommandStartFailureTest.class.getName() + "$";

    private static void failsToStart(Class<?>... beans) {
        assertThatException()
                .isThrownBy(
                        () -> new SpringApplicationBuilder(ShopApplication.class)
                                .sources(beans)
                                .web(WebApplicationType.NONE)
                                .run(
                                        "--eventsourcing.store=memory",
                                        "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"));
    }

    @Test
    void twoHandleOneCommand(CapturedOutput output) {
        failsToStart(CashDesk.class, Second.class);
        assertThat(output)
                .contains("Description:\n\nTwo handle commands of the class " + OpenShop.class.getName() + ": ")
                .contains(PREFIX + "Second")
                .contains("Nothing could tell which to call.\n")
                .contains("Action:\n\nKeep one of them.\n");
    }

    static class Second {

        @CommandHandler
        void open(OpenShop command) {}
    }

    @Test
    void aCommandHasNoName(CapturedOutput output) {
        failsToStart(Nameless.class);
        assertThat(output)
                .contains("The command class " + PREFIX + "Unnamed has no stable name")
                .contains("Action:\n\nAnnotate it with @CommandType(\"some-name\").\n");
    }

    record Unnamed() {}

    static class Nameless {

        @CommandHandler
        void handle(Unnamed command) {}
    }

    @Test
    void settingsAreForNoAggregate(CapturedOutput output) {
        failsToStart(Settings.class);
        assertThat(output).contains("""
                        Description:

                        There is a bean of type AggregateSettings for streams of the type 'shop', but no decider with @Aggregate \
                        for them, so that its settings would not act. The application was not started.

                        Action:

                        Give the settings the type of a decider's streams, or remove them.
                        """);
    }

    @Configuration(proxyBeanMethods = false)
    static class Settings {

        @Bean
        AggregateSettings settings() {
            return AggregateSettings.of(CashDesk.Shops.class);
        }
    }

    @Test
    void aDeciderDoesNotSayWhatItsCommandsAre(CapturedOutput output) {
        failsToStart(Vague.class);
        assertThat(output)
                .contains("does not say what its commands, its state and its events are. It was not registered.\n")
                .contains("Action:\n\nWrite a class that implements Decider with three classes for them");
    }

    @Aggregate("vague")
    static class Vague implements Decider<Object, Object, ShopEvent> {

        @Override
        public Object initialState() {
            return "";
        }

        @Override
        public List<ShopEvent> decide(Object command, Object state) {
            return List.of();
        }

        @Override
        public Object evolve(Object state, ShopEvent event) {
            return state;
        }
    }

    @Test
    void aSagaHearsWhatIsNoEvent(CapturedOutput output) {
        failsToStart(CommandAutoConfigurationTest.DeafSaga.class);
        assertThat(output).contains("""
                        Description:

                        The saga 'reopening' hears java.lang.String, but no event of this class is registered, so that it would never \
                        be called. It was not started.

                        Action:

                        Give the class of an event, or an interface of events.
                        """);
    }

    @Test
    void aSagaDoesNotSayWhatItsStateIs(CapturedOutput output) {
        failsToStart(Stateless.class);
        assertThat(output)
                .contains("The saga 'reopening' (" + PREFIX + "Stateless) does not say what its state is")
                .contains(
                        "Action:\n\nWrite a class that implements SagaDefinition with a class for it, such as a record.\n");
    }

    static class Stateless implements SagaDefinition<Object> {

        @Override
        public String name() {
            return "reopening";
        }

        @Override
        public Optional<String> instanceOf(RecordedEvent event) {
            return Optional.empty();
        }

        @Override
        public Object initialState() {
            return "";
        }

        @Override
        public Object evolve(Object state, RecordedEvent event) {
            return state;
        }

        @Override
        public ProcessPlan plan(Object state, RecordedEvent event) {
            return ProcessPlan.nothing();
        }
    }

    @Test
    void twoSagasHaveOneName(CapturedOutput output) {
        failsToStart(Sagas.class);
        assertThat(output)
                .contains("The beans 'one' and 'two' are both subscriptions of the name 'saga:reopening'")
                .contains("Action:\n\nGive one of them another name.\n");
    }

    @Configuration(proxyBeanMethods = false)
    static class Sagas {

        @Bean
        CashDesk.Reopening one() {
            return new CashDesk.Reopening();
        }

        @Bean
        CashDesk.Reopening two() {
            return new CashDesk.Reopening();
        }
    }

    @Test
    void aSagaIsASubscriberAsWell(CapturedOutput output) {
        failsToStart(Both.class);
        assertThat(output).contains("has @EventSubscriber, but is a subscription");
    }

    @EventSubscriber(name = "both")
    static class Both extends CashDesk.Reopening {

        @EventHandler
        void any(RecordedEvent event) {}
    }

    @Test
    void propertiesAreOutOfRange(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> new SpringApplicationBuilder(ShopApplication.class)
                        .web(WebApplicationType.NONE)
                        .run(
                                "--eventsourcing.store=memory",
                                "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                                "--eventsourcing.commands.workers.threads=0"));
        assertThat(output).contains("The number of threads of command workers is 0. Give 1 to 10000.");
    }
}
