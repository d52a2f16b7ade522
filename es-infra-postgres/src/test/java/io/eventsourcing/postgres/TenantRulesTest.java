package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The rules that keep tenants apart, tried with raw SQL as the application's role. The tables are found in the catalogue, so
 * that a new one is tested before anybody thinks of it.
 */
class TenantRulesTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    static final List<String> TABLES =
            List.of("event", "event_tag", "closed_stream", "snapshot", "command", "saga", "applied_stream");

    /** Their rows belong to no tenant: only the system role may use them, which {@link ThreeRolesTest} tries. */
    static final List<String> TABLES_OF_THE_SYSTEM = List.of("subscription", "checkpoint", "lease", "parked_event");

    /** They hold nothing of any tenant, and all may read them; only the system role changes them, which {@link ThreeRolesTest} tries. */
    static final List<String> TABLES_FOR_ALL_TO_READ = List.of("projection", "projection_generation");

    private static final List<String> ALL_TABLES = Stream.of(TABLES, TABLES_OF_THE_SYSTEM, TABLES_FOR_ALL_TO_READ)
            .flatMap(List::stream)
            .toList();

    private static final StreamId OF_A = new StreamId(TenantId.of("a"), "note", "1");
    private static final StreamId OF_B = new StreamId(TenantId.of("b"), "note", "1");

    private final DataSource dataSource = postgres.database().dataSource();
    private final DataSource admin = postgres.database().adminDataSource();

    @BeforeAll
    static void migrateAndFillEveryTable() {
        DataSource dataSource = postgres.database().dataSource();
        new EventStoreSchema(dataSource).migrate();
        PostgresEventStore store = new PostgresEventStore(
                dataSource,
                EventSerialization.builder(EventTypes.of(Noted.class))
                        .snapshotType(new VersionedType("text", 1), String.class)
                        .build());
        for (StreamId stream : List.of(OF_A, OF_B)) {
            NewEvent tagged = NewEvent.of(new Noted("secret")).withTags(Tag.of("k", "v"));
            store.append(new AppendRequest(stream, ExpectedVersion.noStream(), List.of(tagged), "state"));
            store.archive(stream);
            new PostgresCommandStore(dataSource, store).save(List.of(Commands.to(stream)));
            new PostgresSagaStore(dataSource).save(Processes.of(stream, false));
            Sql.execute(
                    dataSource,
                    "select set_config('eventsourcing.tenant', '" + stream.tenant() + "', false)",
                    "select eventsourcing.lock_applied_streams('p', 1, '{" + stream.tenant() + "}', '{note}', '{1}')");
        }
        Sql.execute(
                dataSource,
                "create view event_view with (security_invoker = true) as select * from eventsourcing.event",
                "create function count_events() returns bigint language sql security invoker"
                        + " as 'select count(*) from eventsourcing.event'");
    }

    @Test
    void everyTableIsTried() {
        assertThat(Sql.texts(
                        admin,
                        "select relname from pg_class where relnamespace = 'eventsourcing'::regnamespace"
                                + " and relkind in ('r', 'p') and relname <> 'flyway_schema_history'"))
                .containsExactlyInAnyOrderElementsOf(ALL_TABLES);
    }

    @ParameterizedTest
    @FieldSource("TABLES")
    void aTenantSeesItsOwnRowsAndNoOthers(String table) throws SQLException {
        asTenant(
                "a",
                connection -> assertThat(Sql.texts(connection, "select distinct tenant from eventsourcing." + table))
                        .containsExactly("a"));
    }

    @ParameterizedTest
    @FieldSource("TABLES")
    void withoutATenantNothingIsSeen(String table) throws SQLException {
        String count = "select count(*) from eventsourcing." + table;
        assertThat(Sql.number(admin, count)).as("rows there are").isGreaterThanOrEqualTo(2);

        try (Connection connection = dataSource.getConnection()) {
            assertThat(Sql.texts(connection, count)).as("never set").containsExactly("0");
            connection.setAutoCommit(false);
            Sql.texts(connection, "select set_config('eventsourcing.tenant', 'a', true)");
            connection.commit();
            assertThat(Sql.texts(connection, "select current_setting('eventsourcing.tenant')"))
                    .as("after a transaction the setting is '', not null")
                    .containsExactly("");
            assertThat(Sql.texts(connection, count)).as("after a transaction").containsExactly("0");
        }
    }

    @ParameterizedTest
    @FieldSource("TABLES")
    void aTenantCannotUpdateAnothersRows(String table) throws SQLException {
        asTenant("a", connection -> {
            assertThat(update(connection, "update eventsourcing." + table + " set tenant = tenant where tenant = 'b'"))
                    .isZero();
            assertThatThrownBy(() -> update(connection, "update eventsourcing." + table + " set tenant = 'b'"))
                    .hasMessageContaining("row-level security");
        });
    }

    @ParameterizedTest
    @FieldSource("TABLES")
    void aTenantCannotDeleteAnothersRows(String table) throws SQLException {
        asTenant(
                "a",
                connection -> assertThat(
                                update(connection, "delete from eventsourcing." + table + " where tenant = 'b'"))
                        .isZero());
        assertThat(Sql.number(admin, "select count(*) from eventsourcing." + table + " where tenant = 'b'"))
                .isPositive();
    }

    @ParameterizedTest
    @FieldSource("TABLES")
    void aTenantCannotInsertRowsForAnother(String table) throws SQLException {
        asTenant("a", connection -> {
            String columns = Sql.texts(
                            connection,
                            "select string_agg(quote_ident(attname), ', ') from pg_attribute where attrelid = ?::regclass"
                                    + " and attnum > 0 and attname <> 'tenant' and attidentity = ''",
                            "eventsourcing." + table)
                    .get(0);
            assertThatThrownBy(() -> update(
                            connection,
                            "insert into eventsourcing." + table + " (tenant, " + columns + ") select 'b', " + columns
                                    + " from eventsourcing." + table))
                    .hasMessageContaining("row-level security");
        });
    }

    @Test
    void aViewAndAFunctionSeeNoMoreThanTheTenant() throws SQLException {
        asTenant("a", connection -> {
            assertThat(Sql.texts(connection, "select distinct tenant from event_view"))
                    .containsExactly("a");
            assertThat(Sql.texts(connection, "select count_events()")).containsExactly("1");
            assertThat(update(connection, "delete from event_view where tenant = 'b'"))
                    .isZero();
        });
        assertThat(Sql.texts(dataSource, "select count(*) from event_view")).containsExactly("0");
        assertThat(Sql.texts(dataSource, "select count_events()")).containsExactly("0");
    }

    @Test
    void theTenantLeadsEveryKey() {
        assertThat(Sql.texts(
                        admin,
                        "select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid"
                                + " join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]"
                                + " where c.relnamespace = 'eventsourcing'::regnamespace"
                                + " and c.relname <> 'flyway_schema_history' and c.relname <> all (string_to_array(?, ','))"
                                + " and a.attname <> 'tenant'",
                        Stream.concat(TABLES_OF_THE_SYSTEM.stream(), TABLES_FOR_ALL_TO_READ.stream())
                                .collect(Collectors.joining(","))))
                .as("only what goes across tenants is without them: the log, the queue of the workers, and purges")
                .containsExactlyInAnyOrder(
                        "eventsourcing.event_pkey",
                        "eventsourcing.command_ready",
                        "eventsourcing.command_finished",
                        "eventsourcing.saga_completed");
    }

    @Test
    void aTenantsOwnLogHasAnIndex() {
        assertThat(Sql.texts(admin, "select indexdef from pg_indexes where schemaname = 'eventsourcing'"))
                .anyMatch(definition -> definition.endsWith("event USING btree (tenant, \"position\")"));
    }

    @Test
    void rowLevelSecurityIsEnabledAndForcedOnEveryTable() {
        assertThat(Sql.texts(
                        admin,
                        "select relname from pg_class where relnamespace = 'eventsourcing'::regnamespace"
                                + " and relkind in ('r', 'p') and relrowsecurity and relforcerowsecurity"))
                .as("all tables but those that hold nothing of any tenant")
                .containsExactlyInAnyOrderElementsOf(Stream.concat(TABLES.stream(), TABLES_OF_THE_SYSTEM.stream())
                        .toList());
    }

    @Test
    void functionsRunAsTheirCaller() {
        assertThat(Sql.texts(
                        admin,
                        "select proname from pg_proc where pronamespace = 'eventsourcing'::regnamespace and prosecdef"))
                .isEmpty();
    }

    @Test
    void theOwnerIsNoSuperuserAndCannotBypassRowLevelSecurity() {
        assertThat(
                        Sql.texts(
                                admin,
                                "select distinct r.rolname || ' ' || r.rolsuper || ' ' || r.rolbypassrls from pg_class c"
                                        + " join pg_roles r on r.oid = c.relowner where c.relnamespace = 'eventsourcing'::regnamespace"))
                .containsExactly(postgres.database().user() + " false false");
    }

    @Test
    void theSameEventIdIsFreeInAnotherTenant() {
        PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
        NewEvent event = new NewEvent(EventId.next(), new Noted("x"), EventMetadata.NONE, Set.of());
        StreamId stream = Noted.newStream();

        for (TenantId tenant : List.of(TenantId.of("a"), TenantId.of("b"))) {
            assertThat(store.append(AppendRequest.of(
                                    stream.inTenant(tenant), ExpectedVersion.noStream(), List.of(event)))
                            .alreadyRecorded())
                    .isFalse();
        }
    }

    private static int update(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            Sql.execute(connection, "savepoint before");
            try {
                return statement.executeUpdate(sql);
            } finally {
                Sql.execute(connection, "rollback to savepoint before");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private interface Work {
        void in(Connection connection) throws SQLException;
    }

    private void asTenant(String tenant, Work work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            Sql.texts(connection, "select set_config('eventsourcing.tenant', ?, true)", tenant);
            work.in(connection);
            connection.rollback();
        }
    }
}
