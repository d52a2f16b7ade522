package io.eventsourcing.spring;

import io.eventsourcing.core.readmodel.InlineProjectionPort;
import io.eventsourcing.core.readmodel.ProjectionStorePort;
import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.memory.InMemoryCheckpoints;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.memory.InMemoryInlineProjections;
import io.eventsourcing.memory.InMemoryProjections;
import io.eventsourcing.memory.InMemoryReadModels;
import io.eventsourcing.postgres.EventStoreRoles;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.PostgresInlineProjections;
import io.eventsourcing.postgres.PostgresProjections;
import io.eventsourcing.postgres.PostgresReadModels;
import io.eventsourcing.postgres.ReadModelTables;
import io.eventsourcing.projection.ReadModels;
import io.eventsourcing.spring.EventSourcingProperties.Schema;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** {@link AutoConfiguration Auto-configuration} of where read models are: their tables, and how their projections stand. */
@AutoConfiguration(after = SubscriptionAutoConfiguration.class)
public final class ReadModelAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(PostgresEventStore.class)
    @ConditionalOnBean(PostgresEventStore.class)
    @ConditionalOnMissingBean(ReadModelStorePort.class)
    static class PostgresConfiguration {

        /** Depends on the store, which prepares its schema. */
        @Bean
        @ConditionalOnMissingBean
        ReadModelTables readModelTables(
                ListableBeanFactory beans,
                PostgresEventStore store,
                @EventStoreOwnerDataSource ObjectProvider<DataSource> owner,
                EventSourcingProperties properties) {
            return new ReadModelTables(
                    owner.getIfAvailable(() -> EventStoreDataSource.of(beans)),
                    properties.schema().name(),
                    properties.readModels().schema(),
                    ReadModelTables.Mode.valueOf(properties.readModels().ddl().name()),
                    roles(properties.schema()));
        }

        private static @Nullable EventStoreRoles roles(Schema schema) {
            String application = schema.applicationRole();
            String system = schema.systemRole();
            return application == null || system == null ? null : new EventStoreRoles(application, system);
        }

        @Bean
        @ConditionalOnMissingBean(ProjectionStorePort.class)
        PostgresProjections postgresProjections(
                ReadModelTables tables, BackgroundConnections background, EventSourcingProperties properties) {
            return new PostgresProjections(
                    background.transactions(),
                    background.dataSource(),
                    properties.schema().name(),
                    tables);
        }

        @Bean
        PostgresReadModels postgresReadModels(
                ListableBeanFactory beans, ReadModelTables tables, BackgroundConnections background) {
            return new PostgresReadModels(background.transactions(), EventStoreDataSource.of(beans), tables);
        }

        @Bean
        @ConditionalOnMissingBean(InlineProjectionPort.class)
        PostgresInlineProjections postgresInlineProjections(
                ListableBeanFactory beans,
                PostgresEventStore store,
                ReadModelTables tables,
                EventSourcingProperties properties) {
            return new PostgresInlineProjections(
                    EventStoreDataSource.of(beans), store, properties.schema().name(), tables);
        }

        @Bean
        @ConditionalOnBean(PostgresProjections.class)
        ReadModelCheck readModelCheck(
                PostgresProjections projections, ReadModels readModels, EventSourcingProperties properties) {
            return new ReadModelCheck(
                    projections, readModels, properties.readModels().report());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(InMemoryCheckpoints.class)
    @ConditionalOnBean(InMemoryCheckpoints.class)
    @ConditionalOnMissingBean(ReadModelStorePort.class)
    static class MemoryConfiguration {

        @Bean
        InMemoryReadModels inMemoryReadModels(InMemoryCheckpoints checkpoints) {
            return new InMemoryReadModels(checkpoints);
        }

        @Bean
        @ConditionalOnMissingBean(ProjectionStorePort.class)
        InMemoryProjections inMemoryProjections(InMemoryCheckpoints checkpoints, InMemoryReadModels readModels) {
            return new InMemoryProjections(checkpoints, readModels);
        }

        @Bean
        @ConditionalOnBean({InMemoryEventStore.class, InMemoryProjections.class})
        @ConditionalOnMissingBean(InlineProjectionPort.class)
        InMemoryInlineProjections inMemoryInlineProjections(
                InMemoryEventStore events, InMemoryProjections projections) {
            return new InMemoryInlineProjections(events, projections);
        }
    }
}
