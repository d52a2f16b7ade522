package io.eventsourcing.spring;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresEventLog;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.SharedCommits;
import io.eventsourcing.spring.EventSourcingProperties.Schema;
import io.eventsourcing.spring.EventSourcingProperties.Store;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/**
 * {@link AutoConfiguration Auto-configuration} of the event store: an {@link EventStorePort}, {@link SnapshotPort} and
 * {@link EventLogPort} on the application's {@link DataSource}, or in memory if {@code eventsourcing.store} says so. Never in
 * memory otherwise: without a DataSource the start fails.
 *
 * <p>Backs off for an {@link EventStorePort} of the application. A {@link SnapshotPort} of the application is injected
 * instead of the one here.
 */
@AutoConfiguration(after = {DataSourceAutoConfiguration.class, EventSerializationAutoConfiguration.class})
public final class EventStoreAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnEventStore(Store.POSTGRES)
    @ConditionalOnClass(PostgresEventStore.class)
    @ConditionalOnMissingBean(EventStorePort.class)
    static class PostgresConfiguration {

        @Bean
        @Fallback
        PostgresEventStore postgresEventStore(
                ListableBeanFactory beans, EventSerialization serialization, EventSourcingProperties properties) {
            DataSource dataSource = EventStoreDataSource.of(beans);
            prepare(dataSource, properties.schema());
            return new PostgresEventStore(
                    dataSource,
                    serialization,
                    properties.schema().name(),
                    SharedCommits.valueOf(properties.append().sharedCommits().name()));
        }

        /** Depends on the store, which prepares the schema. */
        @Bean
        @Fallback
        PostgresEventLog postgresEventLog(
                PostgresEventStore store,
                ListableBeanFactory beans,
                EventSerialization serialization,
                EventSourcingProperties properties) {
            return new PostgresEventLog(
                    EventStoreDataSource.of(beans),
                    serialization,
                    properties.schema().name());
        }

        private static void prepare(DataSource dataSource, Schema properties) {
            EventStoreSchema schema = named(dataSource, properties.name());
            switch (properties.mode()) {
                case MIGRATE -> schema.migrate();
                case VALIDATE -> schema.validate();
                case NONE -> {}
            }
        }

        private static EventStoreSchema named(DataSource dataSource, String name) {
            try {
                return new EventStoreSchema(dataSource, name);
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigurationPropertyValueException(
                        "eventsourcing.schema.name", name, String.valueOf(e.getMessage()), e);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnEventStore(Store.MEMORY)
    @ConditionalOnClass(InMemoryEventStore.class)
    @ConditionalOnMissingBean(EventStorePort.class)
    static class MemoryConfiguration {

        @Bean
        @Fallback
        InMemoryEventStore inMemoryEventStore(EventSerialization serialization) {
            return new InMemoryEventStore(serialization);
        }
    }
}
