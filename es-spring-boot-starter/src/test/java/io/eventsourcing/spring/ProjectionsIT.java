package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.readmodel.ReadModelPort;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.postgres.ReadModelMismatchException;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.projection.ProjectionMode;
import io.eventsourcing.projection.Projections;
import io.eventsourcing.spring.shop.ShopApplication;
import io.eventsourcing.spring.shop.ShopEvent.ShopOpened;
import io.eventsourcing.spring.shop.ShopSummary;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.ResolvableType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Projections of an application on a real server: their tables, and what the user reads when those do not fit. */
@ExtendWith(OutputCaptureExtension.class)
class ProjectionsIT {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final String REPORT = "--eventsourcing.read-models.report=";

    @TempDir
    private Path folder;

    private final JdbcClient jdbc = JdbcClient.create(postgres.database().dataSource());

    @BeforeEach
    void noTable() {
        jdbc.sql("drop schema if exists eventsourcing cascade").update();
        jdbc.sql("drop table if exists shop_summary").update();
    }

    @Test
    void makesTheTableAndKeepsItsRows() throws Exception {
        try (ConfigurableApplicationContext application = start()) {
            openAShop(application);
        }
        try (ConfigurableApplicationContext application = start("--eventsourcing.read-models.ddl=validate")) {
            assertThat(reader(application).get("s-1")).contains(new ShopSummary("s-1", "Fish", 0));
        }
    }

    private static void openAShop(ConfigurableApplicationContext application) throws InterruptedException {
        AppendResult opened = application
                .getBean(EventStorePort.class)
                .append(AppendRequest.of(
                        StreamId.of("shop", "s-1"), ExpectedVersion.noStream(), new ShopOpened("Fish")));
        assertThat(application.getBean(Projections.class).await("shop-summaries", opened, Duration.ofSeconds(10)))
                .isTrue();
    }

    private static ReadModelPort<ShopSummary> reader(ConfigurableApplicationContext application) {
        return application
                .<ReadModelPort<ShopSummary>>getBeanProvider(
                        ResolvableType.forClassWithGenerics(ReadModelPort.class, ShopSummary.class))
                .getObject();
    }

    @Test
    void aTableThatDiffersFailsTheStartAndWhatIsPrintedMendsIt(CapturedOutput output) throws Exception {
        makesTheTableAndKeepsItsRows();
        jdbc.sql("alter table shop_summary add column extra text").update();
        jdbc.sql("alter table shop_summary alter column sold type integer").update();
        jdbc.sql("alter table shop_summary alter column shop_name drop not null")
                .update();
        Path report = folder.resolve("made/report.json");

        ReadModelMismatchException failure = failsToStart(REPORT + report);
        assertThat(output).contains("""
                        Description:

                        The tables of read models are not as their records say, in 3 places:
                        """).contains("""
                        Action:

                        Correct the records; or rebuild under a higher version; or run, as the owner of the tables:
                        """);
        JsonNode written = JsonMapper.shared().readTree(Files.readString(report));
        assertThat(written.get("matches").booleanValue()).isFalse();
        assertThat(written.get("differences")
                        .valueStream()
                        .map(each -> each.get("column").stringValue()))
                .containsExactlyInAnyOrder("extra", "sold", "shop_name");
        List<String> printed = new ArrayList<>();
        written.get("differences").forEach(each -> printed.add(each.get("ddl").stringValue()));
        assertThat(failure.differences()).hasSize(3);
        assertThat(output).contains(printed);
        printed.forEach(statement -> jdbc.sql(statement).update());

        try (ConfigurableApplicationContext application = start(REPORT + report)) {
            assertThat(reader(application).get("s-1")).isPresent();
        }
        assertThat(JsonMapper.shared()
                        .readTree(Files.readString(report))
                        .get("matches")
                        .booleanValue())
                .isTrue();
    }

    private static ReadModelMismatchException failsToStart(String... arguments) {
        try (ConfigurableApplicationContext started = start(arguments)) {
            throw new AssertionError("started: " + started);
        } catch (ReadModelMismatchException expected) {
            return expected;
        } catch (RuntimeException other) {
            assertThat(other).rootCause().isInstanceOf(ReadModelMismatchException.class);
            return (ReadModelMismatchException) rootOf(other);
        }
    }

    private static Throwable rootOf(Throwable failure) {
        return failure.getCause() == null ? failure : rootOf(failure.getCause());
    }

    @Test
    void aTableIsCheckedWithoutRunningAProjection() {
        Path report = folder.resolve("report.json");
        failsToStart(
                REPORT + report,
                "--eventsourcing.read-models.ddl=validate",
                "--eventsourcing.subscriptions.enabled=false");
        assertThat(report).content().contains("create table");
    }

    @Test
    void aTableOfAMigrationIsEnough() throws Exception {
        jdbc.sql("""
                create table shop_summary (
                    tenant_id text not null, shop text collate "C" not null, shop_name text collate "C" not null,
                    sold bigint not null, primary key (tenant_id, shop))""").update();
        ReadModelMismatchException failure = failsToStart("--eventsourcing.read-models.ddl=validate");
        failure.differences().forEach(each -> jdbc.sql(each.ddl()).update());
        try (ConfigurableApplicationContext application = start("--eventsourcing.read-models.ddl=validate")) {
            openAShop(application);
            assertThat(reader(application).get("s-1")).isPresent();
        }
    }

    @Test
    void anInlineProjectionIsPartOfTheAppend() {
        try (ConfigurableApplicationContext application = startOf(AtOnce.class)) {
            application
                    .getBean(EventStorePort.class)
                    .append(AppendRequest.of(
                            StreamId.of("shop", "s-1"), ExpectedVersion.noStream(), new ShopOpened("Fish")));
            assertThat(reader(application).get("s-1")).contains(new ShopSummary("s-1", "Fish", 0));
        }
    }

    @Test
    void theApplicationsOwnSqlSeesTheRowsOfTheTenantAndWhatItsPoliciesAllow() throws Exception {
        try (ConfigurableApplicationContext application =
                startOf(WithRole.class, "--eventsourcing.tenancy.in-transactions=on")) {
            openAShop(application);
            JdbcClient own = JdbcClient.create(application.getBean(DataSource.class));
            TransactionTemplate transactions =
                    new TransactionTemplate(application.getBean(PlatformTransactionManager.class));
            assertThat(counted(transactions, own)).isEqualTo(1);
            assertThat(TenantContext.call(TenantId.of("other"), () -> counted(transactions, own)))
                    .isZero();
            assertThat(count(own)).as("outside of a transaction").isZero();

            jdbc.sql("create policy managers on shop_summary as restrictive for select"
                            + " using (current_setting('app.user_role', true) = 'manager'"
                            + " or current_setting('eventsourcing.all_tenants', true) = 'on')")
                    .update();
            assertThat(counted(transactions, own)).isZero();
            application.getBean(WithRole.class).role.set("manager");
            assertThat(counted(transactions, own)).isEqualTo(1);
        }
    }

    private static long counted(TransactionTemplate transactions, JdbcClient own) {
        return Objects.requireNonNull(transactions.execute(status -> count(own)));
    }

    private static long count(JdbcClient own) {
        return own.sql("select count(*) from shop_summary").query(Long.class).single();
    }

    @Test
    void tablesAreInTheSchemaThatIsGiven() throws Exception {
        jdbc.sql("create schema if not exists read").update();
        try (ConfigurableApplicationContext application = start("--eventsourcing.read-models.schema=read")) {
            openAShop(application);
            assertThat(reader(application).get("s-1")).isPresent();
        }
        assertThat(jdbc.sql("select string_agg(schemaname, ',') from pg_tables where tablename = 'shop_summary'")
                        .query(String.class)
                        .single())
                .isEqualTo("read");
        jdbc.sql("drop schema read cascade").update();
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        return startOf(ShopSummaries.class, arguments);
    }

    private static ConfigurableApplicationContext startOf(Class<?> projection, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--spring.datasource.url=" + postgres.database().url());
        all.add("--spring.datasource.username=" + postgres.database().user());
        all.add("--spring.datasource.password=" + postgres.database().password());
        return new SpringApplicationBuilder(ShopApplication.class, projection)
                .web(WebApplicationType.NONE)
                .run(all.toArray(String[]::new));
    }

    @Projection(name = "at-once", mode = ProjectionMode.INLINE)
    static class AtOnce extends ShopSummaries {

        AtOnce(ReadModelUpdaterPort<ShopSummary> summaries) {
            super(summaries);
        }
    }

    @Import(ShopSummaries.class)
    static class WithRole {

        final AtomicReference<String> role = new AtomicReference<>("clerk");

        @Bean
        TransactionSettings roleOfTheUser() {
            return () -> Map.of("app.user_role", role.get());
        }
    }
}
