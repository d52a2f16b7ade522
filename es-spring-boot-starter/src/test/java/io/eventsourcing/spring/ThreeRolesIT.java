package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.spring.shop.ShopClosed;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An application whose login sees one tenant at a time, beside an owner who migrates and a system that follows the log. */
@ExtendWith(OutputCaptureExtension.class)
class ThreeRolesIT {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    EventSerializationAutoConfiguration.class,
                    EventStoreAutoConfiguration.class))
            .withUserConfiguration(Shop.class)
            .withPropertyValues("spring.datasource.url=" + postgres.database().url());

    private final ApplicationContextRunner oneLogin = runner.withPropertyValues(
            "eventsourcing.schema.name=one_login",
            "spring.datasource.username=" + postgres.database().user(),
            "spring.datasource.password=" + postgres.database().password());

    @BeforeAll
    static void createRoles() {
        for (String role : List.of(role("_app"), role("_sys"))) {
            execute("create role " + role + " login password 'secret'");
        }
    }

    @AfterAll
    static void dropRoles() {
        for (String role : List.of(role("_app"), role("_sys"))) {
            execute("drop owned by " + role, "drop role " + role);
        }
    }

    private static void execute(String... statements) {
        try (Connection connection = postgres.database().adminDataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static String role(String suffix) {
        return postgres.database().user() + suffix;
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnerAndSystem {

        @Bean(defaultCandidate = false)
        @EventStoreOwnerDataSource
        DataSource owner() {
            return postgres.database().dataSource();
        }

        @Bean(defaultCandidate = false)
        @EventStoreSystemDataSource
        DataSource system() {
            PGSimpleDataSource system = new PGSimpleDataSource();
            system.setUrl(postgres.database().url());
            system.setUser(role("_sys"));
            system.setPassword("secret");
            return system;
        }
    }

    @Test
    void eachDoesItsPart(CapturedOutput output) {
        runner.withUserConfiguration(OwnerAndSystem.class)
                .withPropertyValues(
                        "spring.datasource.username=" + role("_app"),
                        "spring.datasource.password=secret",
                        "eventsourcing.schema.application-role=" + role("_app"),
                        "eventsourcing.schema.system-role=" + role("_sys"),
                        "eventsourcing.tenancy.enforce=true")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    for (String tenant : List.of("a", "b")) {
                        context.getBean(EventStorePort.class)
                                .append(AppendRequest.of(
                                        new StreamId(TenantId.of(tenant), "shop", "1"),
                                        ExpectedVersion.noStream(),
                                        new ShopClosed("holidays")));
                    }
                    assertThat(context.getBean(EventLogPort.class)
                                    .read(LogQuery.fromTheBeginning())
                                    .entries())
                            .hasSize(2);
                });
        assertThat(output).doesNotContain("Tenants are kept apart by");
    }

    @Test
    void theSystemsWorkersHandleCommandsAndRunSagas() {
        runner.withUserConfiguration(OwnerAndSystem.class, CashDesk.class)
                .withConfiguration(AutoConfigurations.of(
                        CommandAutoConfiguration.class,
                        CommandWorkerAutoConfiguration.class,
                        SagaAutoConfiguration.class,
                        SubscriptionAutoConfiguration.class))
                .withBean(CashDesk.Reopening.class)
                .withPropertyValues(
                        "spring.datasource.username=" + role("_app"),
                        "spring.datasource.password=secret",
                        "eventsourcing.schema.application-role=" + role("_app"),
                        "eventsourcing.schema.system-role=" + role("_sys"),
                        "eventsourcing.tenancy.enforce=true",
                        "eventsourcing.schema.name=with_commands")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    StreamId[] shops = {
                        new StreamId(TenantId.of("a"), "shop", "s"), new StreamId(TenantId.of("b"), "shop", "s")
                    };
                    for (StreamId shop : shops) {
                        CommandRequest opening = CommandRequest.of(new CashDesk.OpenShop("s", "first"))
                                .forTenant(shop.tenant());
                        context.getBean(CommandBus.class).schedule(List.of(opening), Due.NOW);
                    }
                    for (StreamId shop : shops) {
                        await().until(() -> context.getBean(EventStorePort.class)
                                        .load(shop)
                                        .version()
                                        .value()
                                == 3);
                    }
                });
    }

    @Test
    void anAppendWhoseAgeIsHiddenTurnsHealthDownAsWell() {
        AtomicLong nanos = new AtomicLong();
        runner.withUserConfiguration(OwnerAndSystem.class)
                .withPropertyValues(
                        "spring.datasource.username=" + role("_app"),
                        "spring.datasource.password=secret",
                        "eventsourcing.schema.name=hidden",
                        "eventsourcing.schema.application-role=" + role("_app"),
                        "eventsourcing.schema.system-role=" + role("_sys"))
                .run(context -> {
                    EventLogHealthIndicator indicator =
                            new EventLogHealthIndicator(context.getBean(EventLogPort.class), List::of, nanos::get);
                    new TransactionTemplate(new DataSourceTransactionManager(context.getBean(DataSource.class)))
                            .executeWithoutResult(status -> {
                                context.getBean(EventStorePort.class)
                                        .append(AppendRequest.of(
                                                StreamId.of("shop", "1"),
                                                ExpectedVersion.noStream(),
                                                new ShopClosed("slowly")));
                                assertThat(indicator.health(true))
                                        .returns(Status.UP, Health::getStatus)
                                        .extracting(
                                                health -> health.getDetails().get("heldBackBy"))
                                        .asString()
                                        .startsWith("backend ")
                                        .endsWith(", for 0 ms or more");
                                nanos.set(TimeUnit.SECONDS.toNanos(29));
                                assertThat(indicator.health(false)).returns(Status.UP, Health::getStatus);
                                nanos.set(TimeUnit.SECONDS.toNanos(30));
                                assertThat(indicator.health(false)).returns(Status.DOWN, Health::getStatus);
                            });
                    assertThat(indicator.health(false)).returns(Status.UP, Health::getStatus);
                });
    }

    @Test
    void subscriptionsWithoutALoginOfTheSystemRoleFailTheStart() {
        withoutSystem("unseen")
                .withUserConfiguration(OwnerOnly.class, Following.class)
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis = new SystemLoginFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis).isNotNull();
                    assertThat(analysis.getDescription())
                            .isEqualTo(
                                    "The subscriptions of this application cannot follow the log. No DataSource bean has"
                                            + " @EventStoreSystemDataSource, so that the application's logs in as '"
                                            + role("_app")
                                            + "', which may not read the events of all tenants in the schema 'unseen'."
                                            + " eventsourcing.schema.system-role is '" + role("_sys")
                                            + "'. The application was not started.");
                    assertThat(analysis.getAction())
                            .startsWith("Declare a DataSource that logs in as '" + role("_sys") + "'")
                            .contains("eventsourcing.subscriptions.enabled=false", "docs/tenancy.md");
                });
    }

    @Test
    void whoOnlyAppendsNeedsNoLoginOfTheSystemRole() {
        withoutSystem("appending").withUserConfiguration(OwnerOnly.class).run(context -> {
            assertThat(context).hasNotFailed();
            context.getBean(EventStorePort.class)
                    .append(AppendRequest.of(
                            StreamId.of("shop", "1"), ExpectedVersion.noStream(), new ShopClosed("holidays")));
        });
    }

    @Test
    void aLoginThatMayDoEverythingNeedsNoOther() {
        withoutSystem("everything")
                .withUserConfiguration(Superuser.class, Following.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aSystemDataSourceOfTheWrongLoginFailsTheStart() {
        withoutSystem("mistaken")
                .withUserConfiguration(OwnerOnly.class, OwnerAsSystem.class, Following.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("The DataSource with @EventStoreSystemDataSource logs in as '"
                                + postgres.database().user() + "'"));
    }

    private ApplicationContextRunner withoutSystem(String schema) {
        return runner.withConfiguration(AutoConfigurations.of(SubscriptionAutoConfiguration.class))
                .withPropertyValues(
                        "spring.datasource.username=" + role("_app"),
                        "spring.datasource.password=secret",
                        "eventsourcing.schema.name=" + schema,
                        "eventsourcing.schema.application-role=" + role("_app"),
                        "eventsourcing.schema.system-role=" + role("_sys"));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnerOnly {

        @Bean(defaultCandidate = false)
        @EventStoreOwnerDataSource
        DataSource owner() {
            return postgres.database().dataSource();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnerAsSystem {

        @Bean(defaultCandidate = false)
        @EventStoreSystemDataSource
        DataSource system() {
            return postgres.database().dataSource();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Superuser {

        @Bean
        DataSource superuser() {
            return postgres.database().adminDataSource();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Following {

        @Bean
        Subscription following() {
            return Subscription.named("following").handledBy(events -> {});
        }
    }

    @Test
    void aSequenceBehindItsEventsFailsTheStart() {
        ApplicationContextRunner behind = runner.withUserConfiguration(OwnerAndSystem.class)
                .withPropertyValues(
                        "spring.datasource.username=" + role("_app"),
                        "spring.datasource.password=secret",
                        "eventsourcing.schema.name=behind",
                        "eventsourcing.schema.application-role=" + role("_app"),
                        "eventsourcing.schema.system-role=" + role("_sys"));
        behind.run(context -> context.getBean(EventStorePort.class)
                .append(AppendRequest.of(
                        StreamId.of("shop", "1"),
                        ExpectedVersion.noStream(),
                        new ShopClosed("1"),
                        new ShopClosed("2"))));

        execute("select setval('behind.event_position_seq', 2)");

        behind.run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("is at 2"));
    }

    @Test
    void oneLoginWorksAndIsToldWhatItGivesUp(CapturedOutput output) {
        oneLogin.run(context -> assertThat(context).hasNotFailed());

        assertThat(output)
                .contains(
                        "WARN",
                        "Tenants are kept apart by the event store's own statements",
                        "owns the tables, or may become their owner",
                        "docs/tenancy.md");
    }

    @Test
    void oneLoginIsRefusedWhereTenancyIsEnforced() {
        oneLogin.withPropertyValues("eventsourcing.tenancy.enforce=true").run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = new TenancyNotEnforcedFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription())
                    .contains(
                            "eventsourcing.tenancy.enforce is true",
                            postgres.database().user(),
                            "owns the tables");
            assertThat(analysis.getAction())
                    .contains("eventsourcing.schema.application-role", "@EventStoreOwnerDataSource");
        });
    }

    @Test
    void oneRoleAloneIsRefused() {
        oneLogin.withPropertyValues("eventsourcing.schema.system-role=" + role("_sys"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("must both be set, or neither"));
    }
}
