package io.eventsourcing.spring;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.readmodel.InlineProjectionPort;
import io.eventsourcing.core.readmodel.ProjectionStorePort;
import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.projection.LiveProjections;
import io.eventsourcing.projection.ProjectionSettings;
import io.eventsourcing.projection.Projections;
import io.eventsourcing.projection.ReadModels;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * {@link AutoConfiguration Auto-configuration} of projections: every bean with {@link io.eventsourcing.projection.Projection} follows the
 * log, and writes the read models whose {@link io.eventsourcing.core.readmodel.ReadModelUpdaterPort} it takes. Applications read them by
 * {@link io.eventsourcing.core.readmodel.ReadModelPort}. Both are injected by their type parameter, for each record with
 * {@link io.eventsourcing.core.readmodel.ReadModel} in the application's packages.
 */
@AutoConfiguration(after = ReadModelAutoConfiguration.class)
@ConditionalOnBean({EventStorePort.class, Subscriptions.class, ReadModelStorePort.class, ProjectionStorePort.class})
@Import(ReadModelBeans.class)
public final class ProjectionAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ReadModels readModels(ReadModelStorePort store, EventSerialization serialization) {
        return new ReadModels(store, serialization.json());
    }

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    Projections projections(
            Subscriptions subscriptions,
            CheckpointPort checkpoints,
            EventLogPort log,
            ProjectionStorePort store,
            ObjectProvider<InlineProjectionPort> inline,
            ReadModels readModels) {
        return new Projections(
                subscriptions,
                checkpoints,
                log,
                store,
                inline.getIfAvailable(),
                readModels,
                ProjectionSettings.DEFAULT);
    }

    @Bean
    @ConditionalOnMissingBean
    LiveProjections liveProjections(EventStorePort events, EventLogPort log, ReadModels readModels) {
        return new LiveProjections(events, log, readModels);
    }

    @Bean
    ProjectionLifecycle projectionLifecycle(
            ConfigurableListableBeanFactory beans,
            EventSerialization serialization,
            ObjectProvider<ReadModelCheck> check,
            LiveProjections live,
            ObjectProvider<Projections> projections,
            EventSourcingProperties properties) {
        return new ProjectionLifecycle(
                new ProjectionBeans(beans, serialization.eventTypes()),
                check,
                live,
                projections,
                properties.subscriptions().enabled());
    }
}
