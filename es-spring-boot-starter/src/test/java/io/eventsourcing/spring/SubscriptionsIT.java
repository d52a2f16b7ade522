package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.spring.shop.ShopClosed;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Subscriptions of an application on a real server. */
class SubscriptionsIT {

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
    void whatAHandlerWritesWithTheApplicationsTemplateIsCommittedWithTheCheckpoint() {
        runner.withUserConfiguration(Counting.class).run(context -> {
            JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
            append(context);
            await().until(() -> context.getBean(Counting.class).calls.get() == 3);
            await().until(() -> count(jdbc) == 1);
            assertThat(context.getBean(BackgroundConnections.class).dataSource())
                    .isInstanceOfSatisfying(
                            HikariDataSource.class,
                            pool -> assertThat(pool.getMaximumPoolSize()).isEqualTo(4));
        });
    }

    private static int count(JdbcTemplate jdbc) {
        return jdbc.queryForObject("select count(*) from public.counted", Integer.class);
    }

    private static void append(ApplicationContext context) {
        context.getBean(EventStorePort.class)
                .append(AppendRequest.of(StreamId.of("shop", "s-1"), ExpectedVersion.any(), new ShopClosed("rain")));
    }

    @Test
    void anotherNodesEventComesByNotification() {
        runner.withPropertyValues("eventsourcing.log.idle-poll=1h")
                .withUserConfiguration(Following.class)
                .run(follower -> runner.run(appender -> {
                    await().atMost(Duration.ofSeconds(30)).until(() -> {
                        append(appender);
                        return follower.getBean(Following.class).calls.get() > 0;
                    });
                }));
    }

    @Test
    void anotherNodesEventComesByPollingWhereNobodyListens() {
        runner.withPropertyValues("eventsourcing.log.idle-poll=100ms", "eventsourcing.log.listen=false")
                .withUserConfiguration(Following.class)
                .run(follower -> runner.withPropertyValues("eventsourcing.log.notify-others=false")
                        .run(appender -> {
                            append(appender);
                            await().until(() ->
                                    follower.getBean(Following.class).calls.get() > 0);
                        }));
    }

    @ParameterizedTest
    @CsvSource({"off, false", "no, false", "0, false", "on, true", "yes, true", "1, true"})
    void whatIsSwitchedOffIsNotThere(String value, boolean isThere) {
        runner.withPropertyValues("eventsourcing.log.listen=" + value, "eventsourcing.log.notify-others=" + value)
                .run(context -> {
                    assertThat(context.containsBean("notificationsOfOtherNodes"))
                            .isEqualTo(isThere);
                    assertThat(context.containsBean("logNotifier")).isEqualTo(isThere);
                });
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void anApplicationThatEndsWarnsOfNothing(CapturedOutput output) {
        AtomicInteger saidBefore = new AtomicInteger();
        runner.withUserConfiguration(Following.class).run(context -> {
            await().until(() -> context.getBean(JdbcTemplate.class)
                            .queryForObject(
                                    "select count(*) from pg_stat_activity where query ilike 'listen%'", Integer.class)
                    > 0);
            saidBefore.set(output.getAll().length());
        });

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("eventsourcing-")));
        assertThat(output.getAll().substring(saidBefore.get())).doesNotContain("WARN", "ERROR");
    }

    @Test
    void listensAtTheAddressThatIsGiven() {
        runner.withPropertyValues(
                        "eventsourcing.log.idle-poll=1h",
                        "eventsourcing.log.listen-url=" + postgres.database().url() + "?ApplicationName=listens")
                .withUserConfiguration(Following.class)
                .run(context -> await().until(() -> context.getBean(JdbcTemplate.class)
                                .queryForObject(
                                        "select count(*) from pg_stat_activity where application_name = 'listens'",
                                        Integer.class)
                        == 1));
    }

    @Configuration(proxyBeanMethods = false)
    static class Counting {

        final AtomicInteger calls = new AtomicInteger();

        @Bean
        Subscription counting(JdbcTemplate jdbc) {
            jdbc.execute("create table public.counted (position bigint)");
            return Subscription.named("counting")
                    .delivery(Delivery.IN_TRANSACTION)
                    .handledBy(events -> {
                        jdbc.update(
                                "insert into public.counted values (?)",
                                events.get(0).position().value());
                        if (calls.incrementAndGet() < 3) {
                            throw new IllegalStateException("not yet");
                        }
                    });
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Following {

        final AtomicInteger calls = new AtomicInteger();

        @Bean
        Subscription following() {
            return Subscription.named("following").handledBy(events -> calls.addAndGet(events.size()));
        }
    }
}
