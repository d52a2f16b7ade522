package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.saga.SagaInstance;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.Lease;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.core.subscription.Sequencing;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** An owner who migrates, an application that sees one tenant at a time, and a system that reads across tenants. */
class ThreeRolesTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final StreamId OF_A = new StreamId(TenantId.of("a"), "note", "1");
    private static final StreamId OF_B = new StreamId(TenantId.of("b"), "note", "1");
    private static final TenantId VANDAL = TenantId.of("vandal");
    private static final EventSerialization SERIALIZATION = EventSerialization.builder(EventTypes.of(Noted.class))
            .snapshotType(new VersionedType("text", 1), String.class)
            .build();

    private final DataSource owner = postgres.database().dataSource();
    private final DataSource admin = postgres.database().adminDataSource();
    private final DataSource application = login("_app");
    private final DataSource system = login("_sys");

    @BeforeAll
    static void migrateAndFillEveryTable() {
        Sql.execute(
                postgres.database().adminDataSource(),
                "create role " + role("_app") + " login password 'secret'",
                "create role " + role("_sys") + " login password 'secret'");
        new EventStoreSchema(postgres.database().dataSource())
                .withRoles(new EventStoreRoles(role("_app"), role("_sys")))
                .migrate();
        PostgresEventStore store = new PostgresEventStore(login("_app"), SERIALIZATION);
        for (StreamId stream : List.of(OF_A, OF_B, OF_B.inTenant(VANDAL))) {
            NewEvent tagged = NewEvent.of(new Noted("secret")).withTags(Tag.of("k", "v"));
            store.append(new AppendRequest(stream, ExpectedVersion.noStream(), List.of(tagged), "state"));
            store.archive(stream);
            new PostgresCommandStore(login("_app"), store).save(List.of(Commands.to(stream)));
            new PostgresSagaStore(login("_app")).save(Processes.of(stream, false));
            Sql.execute(
                    login("_app"),
                    "select set_config('eventsourcing.tenant', '" + stream.tenant() + "', false)",
                    "select eventsourcing.lock_applied_streams('p', 1, '{" + stream.tenant() + "}', '{note}', '{1}')");
        }
    }

    @AfterAll
    static void dropRoles() {
        for (String role : List.of("_bypass", "_app", "_sys")) {
            Sql.execute(
                    postgres.database().adminDataSource(), "drop owned by " + role(role), "drop role " + role(role));
        }
    }

    private static String role(String suffix) {
        return postgres.database().user() + suffix;
    }

    private static DataSource login(String suffix) {
        PGSimpleDataSource login = new PGSimpleDataSource();
        login.setUrl(postgres.database().url());
        login.setUser(role(suffix));
        login.setPassword("secret");
        return login;
    }

    @ParameterizedTest
    @EnumSource
    void theApplicationAppends(AppendWaysTest.Way way) {
        way.append(new PostgresEventStore(application, SERIALIZATION));
    }

    @Test
    void theApplicationLoadsSavesArchivesAndDeletes() {
        PostgresEventStore store = new PostgresEventStore(application, SERIALIZATION);
        StreamId stream = Noted.newStream();
        store.append(AppendRequest.of(
                stream, ExpectedVersion.any(), NewEvent.of(new Noted("x")).withTags(Tag.of("k", "v"))));

        store.save(new Snapshot<>(stream, StreamVersion.FIRST, "state"));
        assertThat(store.loadWithSnapshot(stream, String.class).snapshot()).isPresent();
        assertThat(store.loadBackward(stream, 1).toList()).hasSize(1);
        store.archive(stream);
        store.unarchive(stream);
        store.deleteAll(stream);
        store.delete(stream);
        assertThat(store.exists(stream)).isFalse();
        new EventStoreSchema(application).validate();
    }

    @Test
    void theSystemRunsSagasAndPurgesThem() {
        PostgresSagaStore sagas = new PostgresSagaStore(system);
        SagaInstance over = Processes.of(Noted.newStream(), true);
        assertThat(sagas.save(over)).isTrue();
        assertThat(sagas.find(over.id())).isPresent();

        assertThat(sagas.purge(Duration.ZERO, 1_000)).isPositive();
        assertThat(sagas.find(over.id())).isEmpty();
        assertThat(new PostgresSagaStore(application).find(over.id())).isEmpty();
    }

    /** It sees the events of all tenants and has no grant on the checkpoints: the comparison with them is the system's. */
    @Test
    void aLoginOfTheApplicationThatBypassesRowLevelSecurityValidates() {
        Sql.execute(
                admin, "create role " + role("_bypass") + " login bypassrls password 'secret' in role " + role("_app"));
        new EventStoreSchema(login("_bypass")).validate();
    }

    @Test
    void theSystemReadsAcrossTenants() {
        EventLogPort log = new PostgresEventLog(system, SERIALIZATION);

        assertThat(log.read(LogQuery.fromTheBeginning().matching(LogFilter.ALL.withArchived()))
                        .entries())
                .extracting(entry -> entry.stored().stream())
                .contains(OF_A, OF_B);
    }

    /** Row-level security would hide every event, and the reader would go on behind them. */
    @Test
    void theApplicationIsRefusedWhenItReadsAcrossTenants() {
        EventLogPort log = new PostgresEventLog(application, SERIALIZATION);
        LogFilter ofA = LogFilter.ALL.ofTenant(TenantId.of("a")).withArchived();

        assertThatExceptionOfType(EventStoreRefusedException.class)
                .isThrownBy(() -> log.read(LogQuery.fromTheBeginning()))
                .withMessageContainingAll("all tenants", "Nothing was read", "system role");
        assertThat(log.read(LogQuery.fromTheBeginning().matching(ofA)).entries())
                .extracting(entry -> entry.stored().stream())
                .containsExactly(OF_A);
    }

    @Test
    void theApplicationSeesOneTenantWhateverItSets() throws SQLException {
        for (String table : tables()) {
            asTenant("a", connection -> {
                Sql.execute(connection, "set local eventsourcing.all_tenants = 'on'");
                assertThat(Sql.texts(connection, "select distinct tenant from " + table))
                        .containsExactly("a");
            });
            asTenant(
                    "",
                    connection -> assertThat(Sql.texts(connection, "select tenant from " + table))
                            .isEmpty());
        }
    }

    @Test
    void theApplicationChangesNoRowOfAnotherTenant() throws SQLException {
        for (String table : tables()) {
            String columns = Sql.texts(
                            admin,
                            "select string_agg(quote_ident(attname), ', ') from pg_attribute where attrelid = ?::regclass"
                                    + " and attnum > 0 and attname <> 'tenant' and attidentity = ''",
                            table)
                    .get(0);
            String ofB = digestOfB(table);
            asTenant(VANDAL.value(), connection -> {
                attempt(connection, "delete from " + table);
                attempt(connection, "delete from " + table + " where tenant = 'b'");
                attempt(connection, "update " + table + " set tenant = 'b'");
                attempt(connection, "update " + table + " set tenant = 'vandal' where tenant = 'b'");
                attempt(
                        connection,
                        "insert into " + table + " (tenant, " + columns + ") select 'b', " + columns + " from "
                                + table);
                attempt(connection, "truncate " + table);
                connection.commit();
            });
            assertThat(digestOfB(table)).as(table).isEqualTo(ofB).isNotEqualTo("0");
        }
    }

    private String digestOfB(String table) {
        return Sql.texts(
                        admin,
                        "select coalesce(md5(string_agg(t::text, ',' order by t::text)), '0') from " + table
                                + " t where tenant = 'b'")
                .get(0);
    }

    private static void attempt(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("savepoint attempt");
            try {
                statement.execute(sql);
            } catch (SQLException e) {
                assertThat(e.getSQLState()).as(sql).isEqualTo("42501");
                statement.execute("rollback to savepoint attempt");
            }
        }
    }

    @ParameterizedTest
    @FieldSource("io.eventsourcing.postgres.TenantRulesTest#TABLES_OF_THE_SYSTEM")
    void theApplicationMayNotUseWhatSubscriptionsKeep(String table) throws SQLException {
        for (String attempt : List.of(
                "select from eventsourcing." + table,
                "insert into eventsourcing." + table + " select * from eventsourcing." + table,
                "update eventsourcing." + table + " set " + firstColumn(table) + " = null",
                "delete from eventsourcing." + table,
                "truncate eventsourcing." + table)) {
            try (Connection connection = application.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> statement.execute(attempt))
                        .withMessageContaining("permission denied for table " + table);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("io.eventsourcing.postgres.TenantRulesTest#TABLES_FOR_ALL_TO_READ")
    void theApplicationMayReadHowProjectionsStandButNotChangeIt(String table) throws SQLException {
        assertThat(Sql.number(application, "select count(*) from eventsourcing." + table))
                .isZero();
        for (String attempt : List.of(
                "insert into eventsourcing." + table + " select * from eventsourcing." + table,
                "update eventsourcing." + table + " set " + firstColumn(table) + " = null",
                "delete from eventsourcing." + table,
                "truncate eventsourcing." + table)) {
            try (Connection connection = application.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> statement.execute(attempt))
                        .withMessageContaining("permission denied for table " + table);
            }
        }
    }

    private String firstColumn(String table) {
        return Sql.texts(
                        admin,
                        "select attname from pg_attribute where attrelid = ?::regclass and attnum = 1",
                        "eventsourcing." + table)
                .get(0);
    }

    @Test
    void theApplicationMayNotCallTheOperationsOfSubscriptions() {
        PostgresCheckpoints checkpoints = new PostgresCheckpoints(application);

        assertThatExceptionOfType(EventStoreRefusedException.class)
                .isThrownBy(() -> checkpoints.renew(new Lease(
                        UUID.randomUUID(),
                        "intruder",
                        Map.of("of the system", Set.of()),
                        Set.of(),
                        Duration.ofMinutes(1))))
                .withMessageContaining("lacks a privilege");
        assertThatExceptionOfType(EventStoreRefusedException.class)
                .isThrownBy(() -> checkpoints.segments("of the system"));
    }

    @Test
    void theSystemRunsSubscriptions() {
        PostgresCheckpoints checkpoints = new PostgresCheckpoints(system);
        UUID node = UUID.randomUUID();
        checkpoints.register("of the system", new Sequencing(1, "by stream"), () -> GlobalPosition.START);

        Checkpoint held = checkpoints
                .renew(new Lease(node, "one", Map.of("of the system", Set.of()), Set.of(), Duration.ofMinutes(1)))
                .get(0)
                .checkpoint();
        checkpoints.inTransaction(() -> checkpoints.advance(held, new GlobalPosition(1)));
        assertThat(checkpoints.segments("of the system"))
                .containsExactly(new SegmentState(held.segment(), new GlobalPosition(1), "one", 0));
        checkpoints.leave(node);
    }

    /** The owner migrates; he follows nothing. */
    @Test
    void theOwnerSeesNoRowsOfTheSystem() {
        theSystemRunsSubscriptions();

        assertThat(new PostgresCheckpoints(owner).segments("of the system")).isEmpty();
    }

    @Test
    void theApplicationCannotChooseAPosition() throws SQLException {
        asTenant("a", connection -> {
            try (Statement statement = connection.createStatement()) {
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(
                                () -> statement.execute(
                                        "insert into eventsourcing.event (position, tenant, stream_type, stream_id, version, event_id,"
                                                + " type, schema_version, payload, metadata, tags, recorded_at) overriding system value"
                                                + " values (1, 'a', 'note', '9', 1, gen_random_uuid(), 't', 1, '{}', '{}', '{}', now())"))
                        .withMessageContaining("permission denied");
            }
        });
        assertThat(Sql.texts(
                        admin,
                        "select has_sequence_privilege(?, 'eventsourcing.event_position_seq', 'UPDATE')",
                        role("_app")))
                .containsExactly("f");
    }

    @Test
    void tellsWhatLetsALoginSeeOtherTenants() {
        assertThat(new EventStoreSchema(application).tenancyGaps()).isEmpty();
        assertThat(new EventStoreSchema(system).tenancyGaps())
                .singleElement()
                .asString()
                .contains(role("_sys"), "events of all tenants");
        assertThat(new EventStoreSchema(owner).tenancyGaps())
                .singleElement()
                .asString()
                .contains(postgres.database().user(), "owns the tables");
        assertThat(new EventStoreSchema(admin).tenancyGaps())
                .singleElement()
                .asString()
                .contains("superuser");
    }

    @Test
    void onlyTheOwnerOwnsAnything() {
        assertThat(
                        Sql.texts(
                                admin,
                                "select distinct pg_get_userbyid(relowner) from pg_class where relnamespace = 'eventsourcing'::regnamespace"))
                .containsExactly(postgres.database().user());
    }

    @Test
    void theRolesMayBeNamedLater() {
        new EventStoreSchema(owner, "later").migrate();
        assertThat(rolesOfPolicy("later")).containsExactly("{0}");
        assertThat(rolesOfSystemPolicies("later")).containsExactly("{0}");

        new EventStoreSchema(owner, "later")
                .withRoles(new EventStoreRoles(role("_app"), role("_sys")))
                .migrate();

        assertThat(rolesOfPolicy("later")).doesNotContain("{0}");
        assertThat(rolesOfSystemPolicies("later")).hasSize(1).doesNotContain("{0}");
        new PostgresEventStore(application, SERIALIZATION, "later").append(Noted.to(OF_A));
    }

    /** An old node, a tool or a test with the owner's login once gave every application all tenants. */
    @Test
    void aStartThatNamesNoRolesTakesNothingBack() {
        new EventStoreSchema(owner, "named")
                .withRoles(new EventStoreRoles(role("_app"), role("_sys")))
                .migrate();

        new EventStoreSchema(owner, "named").migrate();

        assertThat(rolesOfPolicy("named")).doesNotContain("{0}");
        assertThat(rolesOfSystemPolicies("named")).hasSize(1).doesNotContain("{0}");
    }

    /** Or a library that brings a table, migrated by somebody who names no roles, would leave the system role without it. */
    @Test
    void aTableThatIsNewerThanTheRolesIsTheSystemRolesAsWell() {
        new EventStoreSchema(owner, "older")
                .withRoles(new EventStoreRoles(role("_app"), role("_sys")))
                .migrate();
        Sql.execute(owner, "drop policy of_system on older.lease", "revoke all on older.lease from " + role("_sys"));

        new EventStoreSchema(owner, "older").migrate();

        assertThat(rolesOfSystemPolicies("older")).hasSize(1).doesNotContain("{0}");
        assertThat(Sql.texts(owner, "select has_table_privilege(?, 'older.lease', 'insert')", role("_sys")))
                .containsExactly("t");
    }

    /** A read that waited for the change once found nothing, and said that it had read to the end. */
    @Test
    void aReadThatWaitsForAChangeOfRolesIsRefusedOrComplete() throws SQLException {
        new EventStoreSchema(owner, "changing").migrate();
        new PostgresEventStore(owner, SERIALIZATION, "changing").append(Noted.to(Noted.newStream()));
        EventLogPort log = new PostgresEventLog(owner, SERIALIZATION, "changing");
        assertThat(log.read(LogQuery.fromTheBeginning()).entries()).hasSize(1);
        try (Connection change = owner.getConnection()) {
            change.setAutoCommit(false);
            Sql.execute(
                    change,
                    "drop policy of_all_tenants on changing.event",
                    "create policy of_all_tenants on changing.event for select to " + role("_sys")
                            + " using (current_setting('eventsourcing.all_tenants', true) = 'on')");
            CompletableFuture<LogPage> reading =
                    CompletableFuture.supplyAsync(() -> log.read(LogQuery.fromTheBeginning()));
            Sql.awaitLockWait(admin, "relation");
            change.commit();

            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(reading::join)
                    .withCauseInstanceOf(EventStoreRefusedException.class)
                    .withMessageContaining("all tenants");
        }
    }

    @Test
    void seesMembershipsThatALoginMayUseBySetRole() {
        Sql.execute(
                admin,
                "create role " + role("_risky") + " login noinherit password 'secret'",
                "grant " + postgres.database().user() + " to " + role("_risky"));
        Sql.execute(admin, "grant usage on schema eventsourcing to " + role("_risky"));
        try {
            assertThat(new EventStoreSchema(login("_risky")).tenancyGaps())
                    .anySatisfy(gap -> assertThat(gap).contains("may become their owner"));
        } finally {
            Sql.execute(admin, "drop owned by " + role("_risky"), "drop role " + role("_risky"));
        }
    }

    private List<String> rolesOfPolicy(String schema) {
        return Sql.texts(
                admin,
                "select distinct polroles::text from pg_policy where polname = 'of_all_tenants' and polrelid = ?::regclass",
                schema + ".event");
    }

    private List<String> rolesOfSystemPolicies(String schema) {
        return Sql.texts(
                admin,
                "select distinct p.polroles::text from pg_policy p join pg_class c on c.oid = p.polrelid"
                        + " where p.polname = 'of_system' and c.relnamespace = ?::regnamespace",
                schema);
    }

    @Test
    void aRoleThatIsMissingFailsTheMigration() {
        assertThatExceptionOfType(SchemaMismatchException.class)
                .isThrownBy(() -> new EventStoreSchema(owner, "missing_roles")
                        .withRoles(new EventStoreRoles("nobody_app", "nobody_sys"))
                        .migrate())
                .withStackTraceContaining("nobody_sys");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "public", "none", "a\"b", "a;b", "a'b"})
    void refusesANameThatNoRoleShouldHave(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventStoreRoles(name, "sys"))
                .withMessageContaining("Nothing was changed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventStoreRoles("same", "same"))
                .withMessageContaining("'same'");
    }

    /** Otherwise every look-up under row-level security would read all of a table. */
    @Test
    void policiesKeepTheirIndexConditions() throws SQLException {
        asTenant("b", connection -> {
            for (int tenant = 0; tenant < 50; tenant++) {
                Sql.execute(
                        connection,
                        "set local eventsourcing.tenant = 'tenant-" + tenant + "'",
                        "insert into eventsourcing.event (tenant, stream_type, stream_id, version, event_id, type,"
                                + " schema_version, payload, metadata, tags, recorded_at)"
                                + " select current_setting('eventsourcing.tenant'), 'note', n::text, 1, gen_random_uuid(), 't', 1,"
                                + " '{}', '{}', '{}', now() from generate_series(1, 100) n");
            }
            assertThat(plan(
                            connection,
                            "select 1 from eventsourcing.event where stream_type = 'note' and stream_id = '1'"))
                    .containsPattern("Index Cond: .*tenant = .*stream_type = .*stream_id = ");
            assertThat(
                            plan(
                                    connection,
                                    "select 1 from eventsourcing.event where event_id = '0195e7a6-0000-7000-8000-000000000000'"))
                    .containsPattern("Index Cond: .*tenant = .*event_id = ");
            assertThat(plan(
                            connection,
                            "select 1 from eventsourcing.event where position > 5 order by position limit 10"))
                    .containsPattern("Index Cond: .*tenant = .*position.? > 5");
        });
    }

    private static String plan(Connection connection, String sql) {
        return String.join("\n", Sql.texts(connection, "explain (costs off) " + sql));
    }

    private List<String> tables() {
        List<String> tables = Sql.texts(
                admin,
                "select oid::regclass::text from pg_class where relnamespace = 'eventsourcing'::regnamespace"
                        + " and relkind in ('r', 'p', 'v', 'm') and relname <> 'flyway_schema_history'"
                        + " and relname <> all (string_to_array(?, ','))",
                Stream.of(TenantRulesTest.TABLES_OF_THE_SYSTEM, TenantRulesTest.TABLES_FOR_ALL_TO_READ)
                        .flatMap(List::stream)
                        .collect(Collectors.joining(",")));
        assertThat(tables).hasSizeGreaterThanOrEqualTo(4);
        return tables;
    }

    private interface Work {
        void in(Connection connection) throws SQLException;
    }

    private void asTenant(String tenant, Work work) throws SQLException {
        try (Connection connection = application.getConnection()) {
            connection.setAutoCommit(false);
            Sql.texts(connection, "select set_config('eventsourcing.tenant', ?, true)", tenant);
            work.in(connection);
            connection.rollback();
        }
    }
}
