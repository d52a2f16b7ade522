package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.postgres.PostgresEventLog;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.spring.shop.ShopClosed;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The conditions, without a database: nothing here connects to one. */
class EventStoreAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(EventSerializationAutoConfiguration.class, EventStoreAutoConfiguration.class))
            .withUserConfiguration(Shop.class);
    private final ApplicationContextRunner unchecked = runner.withPropertyValues("eventsourcing.schema.mode=none");
    private final ApplicationContextRunner inMemory = runner.withPropertyValues("eventsourcing.store=memory");

    @Test
    void anEnvironmentVariableThatBeginsLikeAPropertyIsNone() {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                "systemEnvironment",
                                new SystemEnvironmentPropertySource(
                                        "systemEnvironment",
                                        Map.of("EVENTSOURCING_HOME", "/opt/es", "EVENTSOURCING_STORE", "memory"))))
                .run(context -> assertThat(context).hasSingleBean(InMemoryEventStore.class));
    }

    @Test
    void usesPostgresWhenNothingIsSaid() {
        unchecked.withBean(DataSource.class, PGSimpleDataSource::new).run(context -> {
            assertThat(context).hasSingleBean(PostgresEventStore.class).doesNotHaveBean(InMemoryEventStore.class);
            assertThat(context.getBean(EventStorePort.class)).isSameAs(context.getBean(SnapshotPort.class));
            assertThat(context).getBean(EventLogPort.class).isInstanceOf(PostgresEventLog.class);
        });
    }

    @Test
    void usesPostgresWhenItIsChosen() {
        unchecked
                .withPropertyValues("eventsourcing.store=postgres")
                .withBean(DataSource.class, PGSimpleDataSource::new)
                .run(context -> assertThat(context).hasSingleBean(PostgresEventStore.class));
    }

    @Test
    void doesNotNeedTheMemoryModuleForPostgres() {
        unchecked
                .withBean(DataSource.class, PGSimpleDataSource::new)
                .withClassLoader(new FilteredClassLoader(InMemoryEventStore.class))
                .run(context -> assertThat(context).hasSingleBean(PostgresEventStore.class));
    }

    @Test
    void worksInMemoryWhenItIsChosen() {
        StreamId stream = StreamId.of("shop", "s-1");
        inMemory.run(context -> {
            assertThat(context)
                    .hasSingleBean(InMemoryEventStore.class)
                    .hasSingleBean(SnapshotPort.class)
                    .hasSingleBean(EventLogPort.class);
            EventStorePort store = context.getBean(EventStorePort.class);
            store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new ShopClosed("holidays")));
            assertThat(store.load(stream))
                    .singleElement()
                    .satisfies(event -> assertThat(event.payload()).isEqualTo(new ShopClosed("holidays")));
        });
    }

    @Test
    void leavesADataSourceAloneWhenMemoryIsChosen() {
        inMemory.withBean(DataSource.class, PGSimpleDataSource::new)
                .run(context -> assertThat(context)
                        .hasSingleBean(InMemoryEventStore.class)
                        .doesNotHaveBean(PostgresEventStore.class));
    }

    @Test
    void doesNotNeedThePostgresModuleInMemory() {
        inMemory.withClassLoader(new FilteredClassLoader(PostgresEventStore.class))
                .run(context -> assertThat(context).hasSingleBean(InMemoryEventStore.class));
    }

    @Test
    void doesNotFallBackToMemoryWithoutThePostgresModule() {
        unchecked
                .withBean(DataSource.class, PGSimpleDataSource::new)
                .withClassLoader(new FilteredClassLoader(PostgresEventStore.class))
                .run(context -> assertThat(context).doesNotHaveBean(EventStorePort.class));
    }

    @Test
    void doesNotFallBackToMemoryWithoutADataSource() {
        runner.run(context ->
                assertThat(context).getFailure().rootCause().isInstanceOf(EventStoreDataSourceException.class));
    }

    @Test
    void takesThePrimaryOfSeveralDataSources() {
        unchecked
                .withUserConfiguration(TwoDataSources.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage(
                                "The event store needs one DataSource, but the application has several and none of them"
                                        + " is primary: orders, reports."));
        unchecked
                .withUserConfiguration(APrimaryDataSource.class)
                .run(context -> assertThat(context).hasSingleBean(PostgresEventStore.class));
    }

    @Test
    void backsOffForAnEventStoreOfTheApplication() {
        runner.withUserConfiguration(OwnEventStore.class)
                .run(context ->
                        assertThat(context).hasSingleBean(EventStorePort.class).hasBean("ownEventStore"));
        inMemory.withUserConfiguration(OwnEventStore.class)
                .run(context ->
                        assertThat(context).hasSingleBean(EventStorePort.class).hasBean("ownEventStore"));
    }

    @Test
    void injectsTheSnapshotPortOfTheApplication() {
        inMemory.withUserConfiguration(OwnSnapshots.class).run(context -> {
            assertThat(context.getBean(SnapshotPort.class)).isSameAs(context.getBean("ownSnapshots"));
            assertThat(context.getBean(EventStorePort.class)).isSameAs(context.getBean("inMemoryEventStore"));
        });
    }

    static class TwoDataSources {

        @Bean
        DataSource orders() {
            return new PGSimpleDataSource();
        }

        @Bean
        DataSource reports() {
            return new PGSimpleDataSource();
        }
    }

    static class APrimaryDataSource extends TwoDataSources {

        @Bean
        @Primary
        @Override
        DataSource orders() {
            return super.orders();
        }
    }

    static class OwnEventStore {

        @Bean
        EventStorePort ownEventStore(EventSerialization serialization) {
            return new InMemoryEventStore(serialization);
        }
    }

    static class OwnSnapshots {

        @Bean
        SnapshotPort ownSnapshots() {
            return new NoSnapshots();
        }
    }
}
