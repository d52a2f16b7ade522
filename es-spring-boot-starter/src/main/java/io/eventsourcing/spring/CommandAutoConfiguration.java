package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.command.CommandCheck;
import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandStorePort;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link AutoConfiguration Auto-configuration} of commands: every {@link io.eventsourcing.core.aggregate.Decider} bean with
 * {@link io.eventsourcing.core.aggregate.Aggregate}, and every bean with methods with
 * {@link io.eventsourcing.core.command.CommandHandler}, handles the commands of a {@link CommandBus}.
 */
@AutoConfiguration(after = EventStoreAutoConfiguration.class)
@ConditionalOnBean({EventStorePort.class, SnapshotPort.class, CommandStorePort.class})
public final class CommandAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(CommandBus.class)
    ApplicationCommandBus commandBus(
            ConfigurableListableBeanFactory beans,
            CommandStorePort commands,
            EventSerialization serialization,
            EventSourcingProperties properties) {
        return new ApplicationCommandBus(() -> {
            CommandHandlers.Builder handlers = CommandHandlers.builder(
                    beans.getBean(EventStorePort.class), beans.getBean(SnapshotPort.class), commands);
            new CommandHandlerBeans(beans).addTo(handlers);
            return new DirectCommandBus(
                    handlers.build(serialization),
                    beans.getBeanProvider(CommandCheck.class).orderedStream().toList(),
                    properties.commands().settings(),
                    observer(beans.getBeanProvider(CommandObserver.class)
                            .orderedStream()
                            .toList()));
        });
    }

    private static CommandObserver observer(List<CommandObserver> all) {
        return all.size() == 1 ? all.get(0) : new CommandObservers(all);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Validator.class)
    @ConditionalOnResource(resources = "classpath:META-INF/services/jakarta.validation.spi.ValidationProvider")
    static class ValidationConfiguration {

        @Bean
        @ConditionalOnMissingBean
        BeanValidationCheck commandValidation(ObjectProvider<Validator> validator) {
            return new BeanValidationCheck(validator.getIfUnique(
                    () -> Validation.buildDefaultValidatorFactory().getValidator()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class MetricsConfiguration {

        @Bean
        CommandObserver commandMetrics(ObjectProvider<MeterRegistry> registry) {
            MeterRegistry unique = registry.getIfUnique();
            return unique == null ? CommandObserver.NONE : new CommandMetrics(unique);
        }
    }
}
