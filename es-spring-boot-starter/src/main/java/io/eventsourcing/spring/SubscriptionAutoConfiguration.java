package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandSignals;
import io.eventsourcing.core.log.AppendSignals;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.postgres.LogNotifier;
import io.eventsourcing.postgres.PostgresEventStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * {@link AutoConfiguration Auto-configuration} of subscriptions: every bean of type
 * {@link io.eventsourcing.core.subscription.Subscription}, every bean with
 * {@link io.eventsourcing.core.subscription.EventSubscriber}, and every
 * {@link io.eventsourcing.core.subscription.EventPublisherPort} follows the log from the start of the application to its end.
 * Without any of them nothing is read.
 */
@AutoConfiguration(after = EventStoreAutoConfiguration.class)
@ConditionalOnBean({EventLogPort.class, CheckpointPort.class})
public final class SubscriptionAutoConfiguration {

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    LogTail logTail(
            EventLogPort log,
            EventSerialization serialization,
            ObjectProvider<AppendSignals> signals,
            ObjectProvider<WakeUpSource> sources,
            EventSourcingProperties properties) {
        Duration idle = properties.log().idlePoll();
        TailSettings usual = TailSettings.DEFAULT;
        Duration busy = usual.busyPoll().compareTo(idle) < 0 ? usual.busyPoll() : idle;
        LogTail tail = new LogTail(log, serialization, new TailSettings(usual.capacity(), usual.keepFor(), busy, idle));
        signals.forEach(each -> each.onAppend(tail::wake));
        sources.forEach(each -> each.onAppend(tail::wake));
        return tail;
    }

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    Subscriptions subscriptions(
            LogTail tail,
            EventLogPort log,
            CheckpointPort checkpoints,
            ObjectProvider<SystemLogin> login,
            EventSourcingProperties properties) {
        login.ifAvailable(SystemLogin::check);
        return new Subscriptions(
                tail, log, checkpoints, properties.subscriptions().settings());
    }

    @Bean
    @ConditionalUnlessSwitchedOff("eventsourcing.subscriptions.enabled")
    SubscriptionLifecycle subscriptionLifecycle(
            ConfigurableListableBeanFactory beans,
            EventSerialization serialization,
            ObjectProvider<SubscriptionSource> sources,
            ObjectProvider<Subscriptions> subscriptions) {
        return new SubscriptionLifecycle(
                new SubscriptionBeans(beans, serialization.eventTypes(), sources), subscriptions);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static class HealthConfiguration {

        @Bean
        @ConditionalOnMissingBean(name = "eventLogHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("event-log")
        EventLogHealthIndicator eventLogHealthIndicator(
                EventLogPort log,
                ObjectProvider<SubscriptionLifecycle> subscribers,
                ObjectProvider<ProjectionLifecycle> projections,
                ObjectProvider<Subscriptions> subscriptions) {
            return new EventLogHealthIndicator(
                    log,
                    () -> Stream.concat(subscribers.stream(), projections.stream())
                                    .anyMatch(SmartLifecycle::isRunning)
                            ? subscriptions.getObject().status()
                            : List.of(),
                    System::nanoTime);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(PostgresEventStore.class)
    @ConditionalOnBean(PostgresEventStore.class)
    static class PostgresConfiguration {

        private static final Duration LEAST_BETWEEN_NOTIFICATIONS = Duration.ofMillis(5);

        @Bean
        @ConditionalOnMissingBean
        @ConditionalUnlessSwitchedOff("eventsourcing.log.notify-others")
        LogNotifier logNotifier(
                PostgresEventStore store,
                ObjectProvider<CommandSignals> commands,
                BackgroundConnections background,
                EventSourcingProperties properties) {
            LogNotifier notifier =
                    new LogNotifier(background.dataSource(), properties.schema().name(), LEAST_BETWEEN_NOTIFICATIONS);
            store.onAppend(notifier::signal);
            commands.forEach(each -> each.onStored(notifier::signalCommands));
            return notifier;
        }

        @Bean
        @Lazy
        @ConditionalUnlessSwitchedOff("eventsourcing.log.listen")
        NotificationsOfOtherNodes notificationsOfOtherNodes(
                BackgroundConnections background, EventSourcingProperties properties) {
            String url = properties.log().listenUrl();
            String schema = properties.schema().name();
            return url == null
                    ? NotificationsOfOtherNodes.sharing(background.dataSource(), schema)
                    : NotificationsOfOtherNodes.owning(background.at(url), schema);
        }
    }
}
