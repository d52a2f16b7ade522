package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandQueuePort;
import io.eventsourcing.core.command.CommandSignals;
import io.eventsourcing.core.command.CommandStorePort;
import io.eventsourcing.core.command.JobSchedulerPort;
import io.eventsourcing.core.saga.SagaStorePort;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link AutoConfiguration Auto-configuration} of a {@link JobSchedulerPort}: workers handle the commands that wait, from the start of the
 * application to its end, unless {@code eventsourcing.commands.workers.enabled} is off. Without a handler nothing is taken.
 */
@AutoConfiguration(after = CommandAutoConfiguration.class)
@ConditionalOnBean({ApplicationCommandBus.class, CommandQueuePort.class})
@ConditionalUnlessSwitchedOff("eventsourcing.commands.workers.enabled")
public final class CommandWorkerAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(JobSchedulerPort.class)
    CommandWorkerLifecycle commandWorkers(
            ApplicationCommandBus bus,
            CommandQueuePort queue,
            ObjectProvider<CommandSignals> signals,
            ObjectProvider<WakeUpSource> sources,
            ObjectProvider<SystemLogin> login,
            EventSourcingProperties properties) {
        return new CommandWorkerLifecycle(
                bus, queue, properties.commands().workers().settings(), wake -> {
                    login.ifAvailable(SystemLogin::check);
                    signals.forEach(each -> each.onStored(wake));
                    sources.forEach(each -> each.onCommands(wake));
                });
    }

    @Bean
    @ConditionalOnBean(SagaStorePort.class)
    EndedCommands endedCommands(CommandStorePort commands, SagaStorePort sagas, EventSourcingProperties properties) {
        return new EndedCommands(commands, sagas, properties.commands().keepFor());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static class HealthConfiguration {

        @Bean
        @ConditionalOnMissingBean(name = "commandWorkersHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("command-workers")
        CommandWorkersHealthIndicator commandWorkersHealthIndicator(JobSchedulerPort scheduler) {
            return new CommandWorkersHealthIndicator(scheduler);
        }
    }
}
