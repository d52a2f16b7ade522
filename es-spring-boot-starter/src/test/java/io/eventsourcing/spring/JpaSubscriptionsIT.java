package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.SequencingPolicy;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.spring.shop.ShopClosed;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.hibernate.annotations.Immutable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;

/** A read model by JPA, on a real server. */
class JpaSubscriptionsIT {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    EventSerializationAutoConfiguration.class,
                    EventStoreAutoConfiguration.class,
                    SubscriptionAutoConfiguration.class))
            .withUserConfiguration(Shop.class, Jpa.class, Closings.class)
            .withPropertyValues(
                    "spring.datasource.url=" + postgres.database().url(),
                    "spring.datasource.username=" + postgres.database().user(),
                    "spring.datasource.password=" + postgres.database().password());

    @Test
    void whatAHandlerPersistsIsCommittedWithTheCheckpointAndRolledBackWithAFailure() {
        runner.run(context -> {
            JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
            AtomicInteger calls = context.getBean(Closings.class).calls;
            EventStorePort store = context.getBean(EventStorePort.class);

            store.append(AppendRequest.of(StreamId.of("shop", "s-1"), ExpectedVersion.any(), new ShopClosed("rain")));
            await().until(() -> count(jdbc) == 1);

            assertThat(context.getBean(CheckpointPort.class).segments("closings"))
                    .as("whoever sees the row sees the checkpoint")
                    .singleElement()
                    .satisfies(segment -> assertThat(segment.position())
                            .isEqualTo(new GlobalPosition(
                                    jdbc.queryForObject("select max(position) from public.closing", Long.class))));
            assertThat(calls).as("the first two were rolled back").hasValue(3);
            assertThat(context.getBean(Subscriptions.class)
                            .parked()
                            .list(new ParkedQuery("closings", null, GlobalPosition.START, 10)))
                    .isEmpty();
        });
    }

    private static int count(JdbcTemplate jdbc) {
        return jdbc.queryForObject("select count(*) from public.closing", Integer.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class Jpa {

        @Bean
        LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
            HibernateJpaVendorAdapter hibernate = new HibernateJpaVendorAdapter();
            hibernate.setGenerateDdl(true);
            LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
            factory.setDataSource(dataSource);
            factory.setJpaVendorAdapter(hibernate);
            factory.setManagedTypes(PersistenceManagedTypes.of(Closing.class.getName()));
            return factory;
        }

        @Bean
        PlatformTransactionManager transactionManager(EntityManagerFactory factory) {
            return new JpaTransactionManager(factory);
        }
    }

    @Entity(name = "closing")
    @Immutable
    static class Closing {

        @Id
        private long position;

        protected Closing() {}

        Closing(RecordedEvent event) {
            this.position = event.position().value();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Closings {

        final AtomicInteger calls = new AtomicInteger();

        @Bean
        Subscription closings(EntityManagerFactory factory) {
            EntityManager entities = SharedEntityManagerCreator.createSharedEntityManager(factory);
            return Subscription.named("closings")
                    .delivery(Delivery.IN_TRANSACTION)
                    .sequencedBy(SequencingPolicy.single())
                    .segments(1)
                    .handledBy(events -> {
                        entities.persist(new Closing(events.get(0)));
                        entities.flush();
                        if (calls.incrementAndGet() < 3) {
                            throw new IllegalStateException("not yet");
                        }
                    });
        }
    }
}
