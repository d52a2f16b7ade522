package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandStorePort;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.saga.SagaStorePort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.memory.InMemoryCheckpoints;
import io.eventsourcing.memory.InMemoryCommandStore;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.memory.InMemorySagaStore;
import io.eventsourcing.postgres.EventStoreRoles;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresCheckpoints;
import io.eventsourcing.postgres.PostgresCommandStore;
import io.eventsourcing.postgres.PostgresEventLog;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.PostgresSagaStore;
import io.eventsourcing.postgres.SharedCommits;
import io.eventsourcing.spring.EventSourcingProperties.Schema;
import io.eventsourcing.spring.EventSourcingProperties.SchemaMode;
import io.eventsourcing.spring.EventSourcingProperties.Store;
import io.eventsourcing.spring.EventSourcingProperties.Tenancy;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * {@link AutoConfiguration Auto-configuration} of the event store: an {@link EventStorePort}, {@link SnapshotPort},
 * {@link EventLogPort} and {@link CommandStorePort} on the application's {@link DataSource}, or in memory if {@code eventsourcing.store} says so. Never in
 * memory otherwise: without a DataSource the start fails.
 *
 * <p>Backs off for an {@link EventStorePort} of the application. A {@link SnapshotPort} of the application is injected
 * instead of the one here.
 */
@AutoConfiguration(after = {DataSourceAutoConfiguration.class, EventSerializationAutoConfiguration.class})
public final class EventStoreAutoConfiguration {

    private static final Logger LOGGER = LoggerFactory.getLogger(EventStoreAutoConfiguration.class);

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnEventStore(Store.POSTGRES)
    @ConditionalOnClass(PostgresEventStore.class)
    @ConditionalOnMissingBean(EventStorePort.class)
    static class PostgresConfiguration {

        @Bean
        @Fallback
        PostgresEventStore postgresEventStore(
                ListableBeanFactory beans,
                @EventStoreOwnerDataSource ObjectProvider<DataSource> owner,
                EventSerialization serialization,
                EventSourcingProperties properties) {
            DataSource dataSource = EventStoreDataSource.of(beans);
            prepare(owner.getIfAvailable(() -> dataSource), dataSource, properties);
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
                BackgroundConnections background,
                EventSerialization serialization,
                EventSourcingProperties properties) {
            String schema = properties.schema().name();
            DataSource acrossTenants = background.dataSource();
            if (properties.schema().mode() != SchemaMode.NONE) {
                // only who sees the events of all tenants can tell whether the sequence of positions is behind them
                new EventStoreSchema(acrossTenants, schema).validate();
            }
            return new PostgresEventLog(acrossTenants, serialization, schema);
        }

        @Bean
        TenantTransactions eventSourcingTenantTransactions(
                ListableBeanFactory beans,
                ObjectProvider<ConfigurableTransactionManager> managers,
                ObjectProvider<TransactionSettings> others,
                EventSourcingProperties properties) {
            return new TenantTransactions(
                    EventStoreDataSource.of(beans),
                    managers,
                    others.orderedStream().toList(),
                    properties.tenancy().inTransactions());
        }

        @Bean
        BackgroundConnections eventSourcingBackgroundConnections(
                ListableBeanFactory beans,
                @EventStoreSystemDataSource ObjectProvider<DataSource> system,
                EventSourcingProperties properties) {
            DataSource own = system.getIfAvailable();
            return own != null
                    ? BackgroundConnections.given(own)
                    : BackgroundConnections.beside(
                            EventStoreDataSource.of(beans),
                            properties.subscriptions().poolSize());
        }

        @Bean
        SystemLogin eventSourcingSystemLogin(
                BackgroundConnections background,
                @EventStoreSystemDataSource ObjectProvider<DataSource> system,
                EventSourcingProperties properties) {
            return new SystemLogin(
                    background.dataSource(),
                    properties.schema().name(),
                    properties.schema().systemRole(),
                    system.getIfAvailable() != null);
        }

        /** Depends on the store, which prepares the schema. */
        @Bean
        @ConditionalOnMissingBean(CheckpointPort.class)
        PostgresCheckpoints postgresCheckpoints(
                PostgresEventStore store,
                BackgroundConnections background,
                ObjectProvider<PlatformTransactionManager> managers,
                EventSourcingProperties properties) {
            return new PostgresCheckpoints(
                    background.transactions(),
                    background.dataSource(),
                    properties.schema().name(),
                    HandlerTransactions.managerOf(background.transactions(), managers));
        }

        /** Depends on the store, which prepares the schema. */
        @Bean
        @ConditionalOnMissingBean(CommandStorePort.class)
        PostgresCommandStore postgresCommandStore(
                ListableBeanFactory beans,
                PostgresEventStore store,
                BackgroundConnections background,
                ObjectProvider<PlatformTransactionManager> managers,
                EventSourcingProperties properties) {
            DataSource dataSource = EventStoreDataSource.of(beans);
            return new PostgresCommandStore(
                    dataSource,
                    background.dataSource(),
                    store,
                    properties.schema().name(),
                    HandlerTransactions.managerOf(dataSource, managers));
        }

        /** Depends on the store, which prepares the schema. */
        @Bean
        @ConditionalOnMissingBean(SagaStorePort.class)
        PostgresSagaStore postgresSagaStore(
                PostgresEventStore store, BackgroundConnections background, EventSourcingProperties properties) {
            return new PostgresSagaStore(
                    background.transactions(),
                    background.dataSource(),
                    properties.schema().name());
        }

        private static void prepare(DataSource owner, DataSource application, EventSourcingProperties properties) {
            Schema schema = properties.schema();
            switch (schema.mode()) {
                case MIGRATE -> withRoles(named(owner, schema.name()), schema).migrate();
                case VALIDATE -> named(application, schema.name()).validate();
                case NONE -> {
                    return;
                }
            }
            checkTenancy(named(application, schema.name()), properties.tenancy());
        }

        private static EventStoreSchema withRoles(EventStoreSchema schema, Schema properties) {
            String application = properties.applicationRole();
            String system = properties.systemRole();
            return application == null || system == null
                    ? schema
                    : schema.withRoles(new EventStoreRoles(application, system));
        }

        private static void checkTenancy(EventStoreSchema schema, Tenancy tenancy) {
            List<String> gaps = schema.tenancyGaps();
            if (gaps.isEmpty()) {
                return;
            }
            if (tenancy.enforce()) {
                throw new TenancyNotEnforcedException(gaps);
            }
            LOGGER.warn(
                    "Tenants are kept apart by the event store's own statements, and not by row-level security against a mistake in"
                            + " other SQL of this application. {} For production, see docs/tenancy.md.",
                    String.join(" ", gaps));
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

        @Bean
        @ConditionalOnMissingBean(CheckpointPort.class)
        InMemoryCheckpoints inMemoryCheckpoints() {
            return new InMemoryCheckpoints();
        }

        @Bean
        @ConditionalOnMissingBean(CommandStorePort.class)
        InMemoryCommandStore inMemoryCommandStore(InMemoryEventStore store) {
            return new InMemoryCommandStore(store);
        }

        @Bean
        @ConditionalOnMissingBean(SagaStorePort.class)
        InMemorySagaStore inMemorySagaStore() {
            return new InMemorySagaStore();
        }
    }
}
