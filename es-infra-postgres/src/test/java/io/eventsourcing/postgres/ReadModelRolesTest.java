package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventsourcing.core.readmodel.Row;
import io.eventsourcing.core.readmodel.TenantReadModel;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.postgres.ReadModelTables.Mode;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Tables that their owner makes, the system role writes and the application role reads. */
class ReadModelRolesTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TenantId TENANT = TenantId.of("a");
    private static final String TABLE = "roles.order_line";

    private final DataSource owner = postgres.database().dataSource();
    private final DataSource application = login("_app", "");
    private final DataSource system = login("_sys", "-c eventsourcing.all_tenants=on");
    private final EventStoreRoles roles = new EventStoreRoles(role("_app"), role("_sys"));

    @BeforeAll
    static void createRoles() {
        for (String role : List.of("_app", "_sys", "_other")) {
            Sql.execute(
                    postgres.database().adminDataSource(), "create role " + role(role) + " login password 'secret'");
        }
    }

    @AfterAll
    static void dropRoles() {
        for (String role : List.of("_app", "_sys", "_other")) {
            Sql.execute(
                    postgres.database().adminDataSource(), "drop owned by " + role(role), "drop role " + role(role));
        }
    }

    private static String role(String suffix) {
        return postgres.database().user() + suffix;
    }

    private static DataSource login(String suffix, String options) {
        PGSimpleDataSource login = new PGSimpleDataSource();
        login.setUrl(postgres.database().url());
        login.setUser(role(suffix));
        login.setPassword("secret");
        login.setOptions(options);
        return login;
    }

    @BeforeEach
    void createSchema() {
        Sql.execute(owner, "create schema roles");
    }

    @AfterEach
    void dropSchema() {
        Sql.execute(owner, "drop schema roles cascade");
    }

    private ReadModelTables tables(Mode mode) {
        return new ReadModelTables(owner, EventStoreSchema.DEFAULT_NAME, "roles", mode, roles);
    }

    private void create() {
        tables(Mode.CREATE).prepare(List.of(OrderLine.TABLE), false);
    }

    /** Its schema is new to the roles as well. */
    @Test
    void theSystemWritesAndTheApplicationReads() {
        create();

        assertThat(tables(Mode.VALIDATE).differences(OrderLine.TABLE)).isEmpty();
        worksForTheRoles();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Sql.execute(application, "delete from " + TABLE))
                .withMessageContaining("permission denied");
    }

    private void worksForTheRoles() {
        PostgresReadModels store = new PostgresReadModels(system, application, tables(Mode.NONE));
        Row row = OrderLine.TYPE.toRow(TENANT, OrderLine.of("o"));
        store.write(OrderLine.TABLE, List.of(row), List.of());
        TenantReadModel<OrderLine> reader = new TenantReadModel<>(OrderLine.TYPE, store);
        assertThat(TenantContext.<Object>call(TENANT, () -> reader.get("o", 1)))
                .hasToString("Optional[" + OrderLine.of("o") + "]");
        assertThat(TenantContext.<Object>call(TenantId.of("b"), () -> reader.get("o", 1)))
                .hasToString("Optional.empty");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    revoke select on roles.order_line from APP                      | APP' lacks a privilege, one of [select]
                    revoke delete on roles.order_line from SYS                      | SYS' lacks a privilege, one of [select, insert, update, delete]
                    revoke all on roles.order_line from APP, SYS                    | APP' lacks a privilege
                    revoke usage on schema roles from APP                           | APP' may not use its schema
                    revoke usage on schema roles from SYS                           | SYS' may not use its schema
                    alter policy of_tenant on roles.order_line to SYS               | no policy shows applications
                    alter policy of_all_tenants on roles.order_line to APP          | no policy lets projections write
                    """)
    void aMissingGrantIsListedAndMended(String drift, String problem) {
        create();
        Sql.execute(owner, named(drift));

        ReadModelMismatchException failure = catchThrowableOfType(
                ReadModelMismatchException.class, () -> tables(Mode.VALIDATE).prepare(List.of(OrderLine.TABLE), false));

        assertThat(failure.differences())
                .anySatisfy(each -> assertThat(each.problem()).contains(named(problem)));
        failure.differences().forEach(each -> Sql.execute(owner, each.ddl()));
        assertThat(tables(Mode.VALIDATE).differences(OrderLine.TABLE)).isEmpty();
        worksForTheRoles();
    }

    private static String named(String text) {
        return text.replace("APP", role("_app")).replace("SYS", role("_sys"));
    }

    @Test
    void whatARoleHasByAnotherOneIsNoDifference() {
        create();
        Sql.execute(owner, "revoke all on " + TABLE + " from " + role("_app"));
        Sql.execute(owner, "grant select on " + TABLE + " to public");

        assertThat(tables(Mode.VALIDATE).differences(OrderLine.TABLE)).isEmpty();
        worksForTheRoles();
    }
}
