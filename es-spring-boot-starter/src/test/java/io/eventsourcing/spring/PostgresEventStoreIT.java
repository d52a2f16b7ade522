package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.SchemaMismatchException;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.spring.shop.ShopClosed;
import io.eventsourcing.spring.shop.ShopEvent.ArticleSold;
import io.eventsourcing.spring.shop.ShopEvent.ShopOpened;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

class PostgresEventStoreIT {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final StreamId stream = StreamId.of("shop", UUID.randomUUID().toString());

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    TransactionAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    JdbcClientAutoConfiguration.class,
                    EventSerializationAutoConfiguration.class,
                    EventStoreAutoConfiguration.class))
            .withUserConfiguration(Shop.class, Registers.class)
            .withPropertyValues(
                    "spring.datasource.url=" + postgres.database().url(),
                    "spring.datasource.username=" + postgres.database().user(),
                    "spring.datasource.password=" + postgres.database().password());

    @Test
    void keepsEventsOverARestart() {
        runner.run(context -> append(context, new ShopOpened("Fish & Sons")));
        runner.run(context -> {
            append(context, new ShopClosed("holidays"));
            assertThat(payloads(context)).containsExactly(new ShopOpened("Fish & Sons"), new ShopClosed("holidays"));
        });
    }

    @Test
    void commitsWithTheTransactionOfTheApplication() {
        runner.run(context -> {
            context.getBean(Register.class).appendAll(stream, new ShopOpened("Fish & Sons"), new ShopClosed("rain"));
            assertThat(payloads(context)).hasSize(2);
        });
    }

    @Test
    void rollsBackWithTheTransactionOfTheApplication() {
        runner.run(context -> {
            assertThatIllegalStateException()
                    .isThrownBy(
                            () -> context.getBean(Register.class).appendAndFail(stream, new ShopOpened("Fish & Sons")))
                    .withMessage("after 1 event");
            assertThat(payloads(context)).isEmpty();
        });
    }

    @Test
    void storesTheSameWhateverTheApplicationSetsForItsOwnJson() {
        Object event = new ArticleSold("cod", new BigDecimal("1.50"), Instant.parse("2026-01-02T03:04:05.678Z"));
        runner.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
                .withPropertyValues(
                        "spring.jackson.property-naming-strategy=SNAKE_CASE",
                        "spring.jackson.default-property-inclusion=non_empty",
                        "spring.jackson.datatype.datetime.write-dates-as-timestamps=true",
                        "spring.jackson.write.write-bigdecimal-as-plain=false")
                .run(context -> {
                    assertThat(context.getBean(JsonMapper.class).writeValueAsString(event))
                            .contains("\"article_name\"");
                    append(context, event);
                    assertThat(storedPayload())
                            .isEqualTo("{\"soldAt\": \"2026-01-02T03:04:05.678Z\", \"unitPrice\": 1.50,"
                                    + " \"articleName\": \"cod\"}");
                    assertThat(payloads(context)).containsExactly(event);
                });
    }

    @Test
    void livesBesideTheMigrationsOfTheApplication() {
        runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
                .withPropertyValues("spring.flyway.baseline-on-migrate=false")
                .run(context -> {
                    append(context, new ShopOpened("Fish & Sons"));
                    assertThat(historyTables(context)).contains("eventsourcing", "public");
                    assertThat(context.getBean(JdbcClient.class)
                                    .sql("select count(*) from public.flyway_schema_history")
                                    .query(Integer.class)
                                    .single())
                            .isEqualTo(1);
                });
    }

    @Test
    void usesTheSchemaOfTheName() {
        runner.withPropertyValues("eventsourcing.schema.name=shop").run(context -> {
            append(context, new ShopOpened("Fish & Sons"));
            assertThat(historyTables(context)).contains("shop");
        });
        runner.run(context -> assertThat(payloads(context)).isEmpty());
    }

    @Test
    void validatesWithoutMigrating() {
        ApplicationContextRunner validating =
                runner.withPropertyValues("eventsourcing.schema.name=validated", "eventsourcing.schema.mode=validate");
        validating.run(
                context -> assertThat(context).getFailure().rootCause().isInstanceOf(SchemaMismatchException.class));
        new EventStoreSchema(postgres.database().dataSource(), "validated").migrate();
        validating.run(appends());
    }

    @Test
    void leavesTheSchemaAloneWhenToldSo() {
        ApplicationContextRunner careless =
                runner.withPropertyValues("eventsourcing.schema.name=unchecked", "eventsourcing.schema.mode=none");
        careless.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(historyTables(context)).doesNotContain("unchecked");
        });
        new EventStoreSchema(postgres.database().dataSource(), "unchecked").migrate();
        careless.run(appends());
    }

    private ContextConsumer<AssertableApplicationContext> appends() {
        return context -> {
            append(context, new ShopOpened("Fish & Sons"));
            assertThat(payloads(context)).hasSize(1);
        };
    }

    private void append(AssertableApplicationContext context, Object payload) {
        context.getBean(EventStorePort.class).append(AppendRequest.of(stream, ExpectedVersion.any(), payload));
    }

    private List<Object> payloads(AssertableApplicationContext context) {
        return context.getBean(EventStorePort.class).load(stream).stream()
                .map(RecordedEvent::payload)
                .toList();
    }

    /** As the administrator sees it, past row-level security. */
    private String storedPayload() {
        return JdbcClient.create(postgres.database().adminDataSource())
                .sql("select payload::text from eventsourcing.event where stream_id = ?")
                .param(stream.id())
                .query(String.class)
                .single();
    }

    private static List<String> historyTables(AssertableApplicationContext context) {
        return context.getBean(JdbcClient.class)
                .sql("select table_schema from information_schema.tables where table_name = 'flyway_schema_history'")
                .query(String.class)
                .list();
    }

    static class Registers {

        @Bean
        Register register(EventStorePort store) {
            return new Register(store);
        }
    }

    static class Register {

        private final EventStorePort store;

        Register(EventStorePort store) {
            this.store = store;
        }

        @Transactional
        public void appendAll(StreamId stream, Object... payloads) {
            for (Object payload : payloads) {
                store.append(AppendRequest.of(stream, ExpectedVersion.any(), payload));
            }
        }

        @Transactional
        public void appendAndFail(StreamId stream, Object payload) {
            appendAll(stream, payload);
            throw new IllegalStateException("after " + store.currentVersion(stream) + " event");
        }
    }
}
