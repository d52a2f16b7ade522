package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.core.subscription.StopSubscriptionException;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.spring.shop.ShopClosed;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What health says of the log on a real server. */
class EventLogHealthIndicatorIT {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    EventSerializationAutoConfiguration.class,
                    EventStoreAutoConfiguration.class,
                    SubscriptionAutoConfiguration.class))
            .withUserConfiguration(Shop.class)
            .withPropertyValues(
                    "spring.datasource.url=" + postgres.database().url(),
                    "spring.datasource.username=" + postgres.database().user(),
                    "spring.datasource.password=" + postgres.database().password());

    @Test
    void namesTheBackendThatHoldsTheLogBack() {
        runner.run(context -> new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                .executeWithoutResult(status -> {
                    append(context, "first");
                    Integer backend = context.getBean(JdbcTemplate.class)
                            .queryForObject("select pg_backend_pid()", Integer.class);
                    new Thread(() -> append(context, "second"), "second").start();
                    await().until(() -> (long) details(context, "lag") >= 1);
                    assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                    assertThat(details(context, "heldBackBy")).asString().startsWith("backend " + backend + " of '");
                }));
    }

    @Test
    void isDownWhenASubscriptionHasStopped() {
        runner.withUserConfiguration(Broken.class).run(context -> {
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
            append(context, "any");
            await().until(() -> health(context).getStatus().equals(Status.DOWN));
            assertThat(details(context, "subscriptions"))
                    .asString()
                    .contains("broken=stopped: ")
                    .contains("The mail server is not configured.");
        });
    }

    /** It waits for people, who need not be woken. */
    @Test
    void namesTheSubscriptionsThatHaveParkedEventsAndIsUp() {
        runner.withUserConfiguration(Poisoned.class).run(context -> {
            append(context, "any");
            await().until(() -> details(context, "parkedEventsOf").equals(List.of("poisoned")));
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
        });
    }

    private static Health health(ApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(EventLogHealthIndicator.class).health(true));
    }

    private static Object details(ApplicationContext context, String name) {
        return health(context).getDetails().getOrDefault(name, "");
    }

    private static void append(ApplicationContext context, String stream) {
        context.getBean(EventStorePort.class)
                .append(AppendRequest.of(StreamId.of("shop", stream), ExpectedVersion.any(), new ShopClosed("rain")));
    }

    @Configuration(proxyBeanMethods = false)
    static class Broken {

        @Bean
        Subscription broken() {
            return Subscription.named("broken").handledBy(events -> {
                throw new StopSubscriptionException("The mail server is not configured. Set its address.");
            });
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Poisoned {

        @Bean
        Subscription poisoned() {
            return Subscription.named("poisoned")
                    .retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO))
                    .handledBy(events -> {
                        throw new IllegalStateException("poison");
                    });
        }
    }
}
