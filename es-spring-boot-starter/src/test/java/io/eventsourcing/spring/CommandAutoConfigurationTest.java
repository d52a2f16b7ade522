package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.AggregateSettings;
import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.command.CommandCheck;
import io.eventsourcing.core.command.CommandHandlerConfigurationException;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.command.CommandSignals;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.CommandStorePort;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.JobSchedulerPort;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.saga.SagaConfigurationException;
import io.eventsourcing.core.saga.SagaStorePort;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.core.snapshot.SnapshotPolicy;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.core.snapshot.SnapshotTiming;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.memory.InMemoryCommandStore;
import io.eventsourcing.spring.CashDesk.Greet;
import io.eventsourcing.spring.CashDesk.OpenShop;
import io.eventsourcing.spring.CashDesk.Rename;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.spring.shop.ShopEvent;
import io.eventsourcing.spring.shop.ShopEvent.ShopOpened;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.node.ObjectNode;

class CommandAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EventSerializationAutoConfiguration.class,
                    EventStoreAutoConfiguration.class,
                    CommandAutoConfiguration.class,
                    CommandWorkerAutoConfiguration.class,
                    SagaAutoConfiguration.class,
                    SubscriptionAutoConfiguration.class))
            .withUserConfiguration(Shop.class)
            .withPropertyValues("eventsourcing.store=memory");

    private final ApplicationContextRunner desk = runner.withUserConfiguration(CashDesk.class);

    private static CommandResult execute(ApplicationContext context, Object command) {
        return context.getBean(CommandBus.class).execute(command);
    }

    private static Optional<StoredCommand> find(ApplicationContext context, CommandId id) {
        return context.getBean(CommandStorePort.class).find(TenantId.DEFAULT, id);
    }

    private static CommandStatus status(ApplicationContext context, CommandId id) {
        return find(context, id).orElseThrow().status();
    }

    private static List<String> names(ApplicationContext context, String shop) {
        return context.getBean(EventStorePort.class).load(StreamId.of("shop", shop)).stream()
                .map(event -> ((ShopOpened) event.payload()).shopName())
                .toList();
    }

    @Test
    void decidersAndMethodsOfBeansHandleCommands() {
        desk.run(context -> {
            assertThat(execute(context, new OpenShop("s-1", "Fish & Sons")).isSuccess())
                    .isTrue();
            assertThat(names(context, "s-1")).containsExactly("Fish & Sons");

            CommandResult greeted = execute(context, new Greet("Ann", "s-2"));
            assertThat(greeted)
                    .isInstanceOfSatisfying(
                            Success.class,
                            success ->
                                    assertThat(success.value().as(String.class)).isEqualTo("Hello Ann"));
            await().until(() -> names(context, "s-2").equals(List.of("Ann")));
        });
    }

    @Test
    void whatIsScheduledIsHandledByWorkersAtOnce() {
        desk.withPropertyValues("eventsourcing.commands.workers.idle-poll=1h").run(context -> {
            CommandId id = context.getBean(CommandBus.class).schedule(new OpenShop("s-1", "later"), Duration.ZERO);
            await().until(() -> status(context, id) == CommandStatus.PROCESSED);
        });
    }

    @Test
    void aNodeMayServeRequestsOnly() {
        desk.withPropertyValues("eventsourcing.commands.workers.enabled=off").run(context -> {
            assertThat(context).doesNotHaveBean(JobSchedulerPort.class).doesNotHaveBean(EndedCommands.class);
            CommandId id = context.getBean(CommandBus.class).schedule(new OpenShop("s-1", "later"), Duration.ZERO);
            assertThat(execute(context, new OpenShop("s-1", "now")).isSuccess()).isTrue();
            assertThat(status(context, id)).isEqualTo(CommandStatus.PENDING);
        });
    }

    @Test
    void withoutAHandlerNothingIsTaken() {
        runner.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(CommandWorkerLifecycle.class).isRunning())
                    .isFalse();
        });
    }

    @Test
    void workersGoOnWhenTheContextIsStartedAgain() {
        desk.run(context -> {
            context.getSourceApplicationContext().stop();
            CommandId id = context.getBean(CommandBus.class).schedule(new OpenShop("s-1", "later"), Duration.ZERO);
            assertThat(status(context, id)).isEqualTo(CommandStatus.PENDING);
            context.getSourceApplicationContext().start();
            await().until(() -> status(context, id) == CommandStatus.PROCESSED);
        });
    }

    @Test
    void closesWhatItOpened() {
        desk.run(context -> {
            assertThat(context.getBean(CommandWorkerLifecycle.class).isRunning())
                    .isTrue();
            assertThat(Thread.getAllStackTraces().keySet())
                    .as("keeps an application up that only works")
                    .anyMatch(thread -> thread.getName().equals("eventsourcing-keep-alive") && !thread.isDaemon());
        });
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("eventsourcing-")));
    }

    @Test
    void everyPartBacksOffForTheApplicationsOwn() {
        desk.withUserConfiguration(OwnBus.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(CommandBus.class)
                        .doesNotHaveBean(ApplicationCommandBus.class)
                        .doesNotHaveBean(CommandWorkerLifecycle.class));
        desk.withUserConfiguration(OwnScheduler.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(JobSchedulerPort.class)
                        .doesNotHaveBean(CommandWorkerLifecycle.class));
        desk.withUserConfiguration(OwnStore.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(CommandStorePort.class)
                        .hasSingleBean(CommandWorkerLifecycle.class)
                        .hasBean("ownStore"));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBus {

        @Bean
        CommandBus ownBus() {
            return new CommandBus() {
                @Override
                public CommandResult execute(CommandRequest request) {
                    return Rejection.of("own", "own");
                }

                @Override
                public void schedule(List<CommandRequest> requests, Due due) {}
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnScheduler {

        @Bean
        JobSchedulerPort ownScheduler() {
            return new JobSchedulerPort() {
                @Override
                public void wake() {}

                @Override
                public @Nullable String problem() {
                    return "it sleeps";
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnStore {

        @Bean
        InMemoryCommandStore ownStore(EventStorePort events) {
            return new InMemoryCommandStore(events);
        }
    }

    @Test
    void settingsOfAnAggregateAreABean() {
        desk.withUserConfiguration(Snapshots.class).run(context -> {
            execute(context, new OpenShop("s-1", "one"));
            execute(context, new OpenShop("s-1", "two"));
            assertThat(context.getBean(SnapshotPort.class)
                            .latest(StreamId.of("shop", "s-1"), CashDesk.State.class)
                            .orElseThrow()
                            .state())
                    .isEqualTo(new CashDesk.State(2));
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Snapshots {

        @Bean
        AggregateSettings shopSettings() {
            return AggregateSettings.of(CashDesk.Shops.class)
                    .withSnapshots(SnapshotPolicy.everyEvents(2), SnapshotTiming.WITH_APPEND);
        }
    }

    @Test
    void settingsForNoAggregateFailTheStart() {
        runner.withUserConfiguration(Snapshots.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CommandHandlerConfigurationException.class)
                        .hasMessageContaining("'shop'"));
    }

    @Test
    void checksMayRejectByTheActor() {
        desk.withBean(
                        CommandCheck.class,
                        () -> request -> "ann".equals(request.metadata().actor())
                                ? Optional.empty()
                                : Optional.of(Rejection.of("forbidden", "Only Ann may do this.")))
                .run(context -> {
                    CommandRequest request = CommandRequest.of(new OpenShop("s-1", "one"));
                    assertThat(context.getBean(CommandBus.class).execute(request))
                            .isEqualTo(Rejection.of("forbidden", "Only Ann may do this."));
                    assertThat(names(context, "s-1")).isEmpty();
                    CommandRequest ofAnn = CommandRequest.of(new OpenShop("s-1", "one"))
                            .withMetadata(EventMetadata.builder().actor("ann").build());
                    assertThat(context.getBean(CommandBus.class).execute(ofAnn).isSuccess())
                            .isTrue();
                });
    }

    @Test
    void aCommandThatIsNotValidIsRejectedWithEachViolation() {
        desk.run(context -> {
            assertThat(execute(context, new OpenShop("s-1", " ".repeat(30))))
                    .isEqualTo(new Rejection(
                            "invalid",
                            "The command is not valid: name is blank and is too long.",
                            Map.of("name", "is blank and is too long"),
                            false));
            assertThat(names(context, "s-1")).isEmpty();
        });
    }

    @Test
    void withoutBeanValidationNothingIsValidated() {
        desk.withClassLoader(new FilteredClassLoader(Validator.class))
                .run(context -> assertThat(
                                execute(context, new OpenShop("s-1", "")).isSuccess())
                        .isTrue());
    }

    @Test
    void whatBecomesOfCommandsIsCounted() {
        desk.withBean(SimpleMeterRegistry.class).run(context -> {
            execute(context, new OpenShop("s-1", "one"));
            execute(context, new OpenShop("s-1", ""));

            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("eventsourcing.commands")
                            .tags("type", "open-shop", "outcome", "success")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(meters.get("eventsourcing.commands")
                            .tags("type", "open-shop", "outcome", "rejection")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void withoutAMeterRegistryNothingIsCounted() {
        desk.run(context -> assertThat(
                        execute(context, new OpenShop("s-1", "one")).isSuccess())
                .isTrue());
        desk.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
                .run(context -> assertThat(
                                execute(context, new OpenShop("s-1", "one")).isSuccess())
                        .isTrue());
    }

    @Test
    void aSagaIsABean() {
        desk.withBean(CashDesk.Reopening.class).run(context -> {
            execute(context, new OpenShop("s-1", "first"));
            await().until(() -> names(context, "s-1").equals(List.of("first", "again 1", "again 2")));
        });
    }

    @Test
    void aSagaThatHearsNothingFailsTheStart() {
        runner.withBean(DeafSaga.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(SagaConfigurationException.class)
                        .hasMessageContaining("'reopening'")
                        .hasMessageContaining("java.lang.String"));
    }

    static class DeafSaga extends CashDesk.Reopening {

        @Override
        public Set<Class<?>> hears() {
            return Set.of(String.class);
        }
    }

    @Test
    void aCustomizerAddsWhatNoAnnotationSays() {
        desk.withBean(
                        CommandHandlersCustomizer.class,
                        () -> handlers -> handlers.decider(
                                        new Renaming(), new AggregateSettings("shop", null, SnapshotTiming.WITH_APPEND))
                                .target(Rename.class, Rename::id)
                                .upcasters(List.of(Upcaster.next(
                                        new VersionedType("open-shop", 1),
                                        json -> ((ObjectNode) json).put("name", "unused")))))
                .run(context -> assertThat(context).getFailure().hasMessageContaining("open-shop"));
        desk.withBean(
                        CommandHandlersCustomizer.class,
                        () -> handlers -> handlers.decider(
                                        new Renaming(), new AggregateSettings("shop", null, SnapshotTiming.WITH_APPEND))
                                .target(Rename.class, Rename::id))
                .run(context -> {
                    assertThat(execute(context, new Rename("s-1", "renamed")).isSuccess())
                            .isTrue();
                    assertThat(names(context, "s-1")).containsExactly("renamed");
                });
    }

    static class Renaming implements Decider<Rename, CashDesk.State, ShopEvent> {

        @Override
        public CashDesk.State initialState() {
            return new CashDesk.State(0);
        }

        @Override
        public List<ShopEvent> decide(Rename command, CashDesk.State state) {
            return List.of(new ShopOpened(command.name()));
        }

        @Override
        public CashDesk.State evolve(CashDesk.State state, ShopEvent event) {
            return state;
        }
    }

    @Test
    void healthSaysWhyNoCommandsAreTaken() {
        desk.run(context -> assertThat(context.getBean("commandWorkersHealthIndicator", HealthIndicator.class)
                        .health()
                        .getStatus()
                        .getCode())
                .isEqualTo("UP"));
        desk.withUserConfiguration(OwnScheduler.class)
                .run(context -> assertThat(context.getBean("commandWorkersHealthIndicator", HealthIndicator.class)
                                .health()
                                .getDetails())
                        .containsEntry("problem", "it sleeps"));
        desk.withPropertyValues("management.health.command-workers.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("commandWorkersHealthIndicator"));
        desk.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("commandWorkersHealthIndicator"));
    }

    @Test
    void whatEndedLongAgoIsRemovedWhenANodeStarts() {
        desk.withPropertyValues("eventsourcing.commands.keep-for=1ms").run(context -> {
            CommandRequest request = CommandRequest.of(new OpenShop("s-1", "one"));
            context.getBean(CommandBus.class).execute(request);
            await().until(() -> {
                context.getBean(EndedCommands.class).stop();
                context.getBean(EndedCommands.class).start();
                return find(context, request.id()).isEmpty();
            });
        });
        desk.withPropertyValues("eventsourcing.commands.keep-for=0")
                .run(context -> assertThat(context.getBean(EndedCommands.class).isRunning())
                        .isFalse());
    }

    @Test
    void aTypeThatNobodyHandlesHereWaits() {
        desk.run(context -> {
            NewCommand newer = new NewCommand(
                    CommandId.next(),
                    StreamId.of("shop", "s-1"),
                    new SerializedPayload(new VersionedType("newer", 1), "{}", null),
                    EventMetadata.NONE,
                    Due.NOW);
            context.getBean(CommandStorePort.class).save(List.of(newer));
            CommandId known = context.getBean(CommandBus.class).schedule(new OpenShop("s-2", "one"), Duration.ZERO);
            await().until(() -> status(context, known) == CommandStatus.PROCESSED);
            assertThat(status(context, newer.id())).isEqualTo(CommandStatus.PENDING);
        });
    }

    @Test
    void storesOfTheApplicationAreUsedByAll() {
        desk.run(context -> assertThat(context)
                .hasSingleBean(CommandStorePort.class)
                .hasSingleBean(CommandSignals.class)
                .hasSingleBean(SagaStorePort.class));
    }
}
