package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventsourcing.core.readmodel.Row;
import io.eventsourcing.core.readmodel.TenantReadModel;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.postgres.ReadModelTables.Mode;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Whatever makes a table unlike its record is listed, and the statements that are printed mend it as they stand. */
class ReadModelDriftTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TenantId TENANT = TenantId.of("a");
    private static final String TABLE = "drift.order_line";

    /** Statements that make the table differ, and what is said about it. The rows that are there before are kept. */
    static final List<Drift> WITH_ROWS = List.of(
            new Drift("note", "it is missing", "drop column note"),
            new Drift("extra", "the record has no such component", "add column extra text"),
            new Drift(
                    "extra",
                    "the record has no such component",
                    "add column extra int not null default 1",
                    "alter column extra drop default"),
            new Drift(
                    "extra",
                    "the record has no such component",
                    "add column extra text generated always as (\"order\" || note) stored"),
            new Drift("count", "it is integer, but must be bigint", "alter column count type int"),
            new Drift("count", "it is text, but must be bigint", "alter column count type text using count::text"),
            new Drift("count", "it is numeric(5,2), but must be bigint", "alter column count type numeric(5, 2)"),
            new Drift(
                    "count",
                    "it is text, but must be bigint",
                    "alter column count type text using count::text",
                    "alter column count set default 'none'"),
            new Drift(
                    "is_done",
                    "it is integer, but must be boolean",
                    "alter column is_done type int using is_done::int"),
            new Drift("note", "it is integer, but must be text", "alter column note type int using note::int"),
            new Drift("note", "it is character(5), but must be text", "alter column note type char(5)"),
            new Drift("amount", "it is numeric(10,2), but must be numeric", "alter column amount type numeric(10, 2)"),
            new Drift(
                    "amount",
                    "it is double precision, but must be numeric",
                    "alter column amount type double precision"),
            new Drift("labels", "it is json, but must be jsonb", "alter column labels type json using labels::json"),
            new Drift("labels", "it is text, but must be jsonb", "alter column labels type text using labels::text"),
            new Drift("line", "it is smallint, but must be integer", "alter column line type smallint"),
            new Drift(
                    "count", "it may be null, but the component is not @Nullable", "alter column count drop not null"),
            new Drift("note", "it is not null, but the component is @Nullable", "alter column note set not null"),
            new Drift("", "[tenant, order, line]", "drop constraint order_line_pkey"),
            new Drift(
                    "",
                    "[tenant, order, line]",
                    "drop constraint order_line_pkey",
                    "add primary key (\"order\", line)"),
            new Drift(
                    "",
                    "[tenant, order, line]",
                    "drop constraint order_line_pkey",
                    "add primary key (tenant, \"order\")"),
            new Drift(
                    "",
                    "[tenant, order, line]",
                    "drop constraint order_line_pkey",
                    "add primary key (tenant, \"order\", line) deferrable"),
            new Drift("", "row-level security", "disable row level security"),
            new Drift("", "row-level security", "no force row level security"),
            new Drift("", "policy", "> drop policy of_tenant on " + TABLE),
            new Drift("", "policy", "> drop policy of_all_tenants on " + TABLE),
            new Drift("", "policy", "> alter policy of_tenant on " + TABLE + " using (tenant = 'a')"),
            new Drift("", "policy", "> alter policy of_all_tenants on " + TABLE + " using (false)"),
            new Drift("", "policy", "> alter policy of_tenant on " + TABLE + " to pg_monitor"),
            new Drift(
                    "count",
                    "it is generated",
                    "drop column count",
                    "add column count bigint not null generated always as (line * 7) stored"),
            new Drift(
                    "count",
                    "it is generated",
                    "drop column count",
                    "add column count bigint not null generated always as identity (start with 7)"));

    /** Nobody knows what the rows that are there would have in a column that is never null. */
    static final List<Drift> WITHOUT_ROWS = List.of(
            new Drift("count", "it is missing", "drop column count"),
            new Drift("tenant", "it is missing", "drop column tenant cascade"),
            new Drift("order", "it is missing", "drop column \"order\""),
            new Drift("order", "it is bytea, but must be text", "alter column \"order\" type bytea using ''::bytea"),
            new Drift(
                    "labels",
                    "it is uuid[], but must be jsonb",
                    "alter column labels type uuid[] using array[]::uuid[]"),
            new Drift(
                    "note",
                    "it is not null, but the component is @Nullable",
                    "drop constraint order_line_pkey",
                    "add primary key (tenant, \"order\", note)"),
            new Drift(
                    "tenant",
                    "it is character(20), but must be text",
                    "> drop policy of_tenant on " + TABLE,
                    "alter column tenant type char(20)",
                    "> create policy of_tenant on " + TABLE
                            + " using (tenant = (select current_setting('eventsourcing.tenant', true)))"),
            new Drift("", "there is no such table", "> drop table " + TABLE),
            new Drift(
                    "",
                    "it is a view, and no table",
                    "rename to rows",
                    "> create view " + TABLE + " as select * from drift.rows"),
            new Drift(
                    "",
                    "it is a materialized view, and no table",
                    "rename to rows",
                    "> create materialized view " + TABLE + " as select * from drift.rows"),
            new Drift("", "it is a sequence, and no table", "rename to rows", "> create sequence " + TABLE));

    private final DataSource owner = postgres.database().dataSource();
    private final DataSource batches = withAllTenants();
    private final ReadModelTables tables =
            new ReadModelTables(owner, EventStoreSchema.DEFAULT_NAME, "drift", ReadModelTables.Mode.CREATE, null);

    private ReadModelTables tables(Mode mode) {
        return new ReadModelTables(owner, EventStoreSchema.DEFAULT_NAME, "drift", mode, null);
    }

    /** As a batch says it in its transaction. */
    private static DataSource withAllTenants() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(postgres.database().url());
        dataSource.setUser(postgres.database().user());
        dataSource.setPassword(postgres.database().password());
        dataSource.setOptions("-c eventsourcing.all_tenants=on");
        return dataSource;
    }

    /**
     * What somebody did to the table.
     *
     * @param column the column that is told; empty for the table as a whole
     * @param problem some of what is told
     * @param statements what follows "alter table", or, after "> ", whole statements
     */
    record Drift(String column, String problem, List<String> statements) {

        Drift(String column, String problem, String... statements) {
            this(column, problem, List.of(statements));
        }

        void happen(DataSource owner) {
            for (String each : statements) {
                Sql.execute(owner, each.startsWith("> ") ? each.substring(2) : "alter table " + TABLE + " " + each);
            }
        }

        @Override
        public String toString() {
            return String.join("; ", statements);
        }
    }

    @BeforeEach
    void createTable() {
        Sql.execute(owner, "create schema drift");
        tables.prepare(List.of(OrderLine.TABLE), false);
    }

    @AfterEach
    void dropSchema() {
        Sql.execute(owner, "drop schema drift cascade");
    }

    @Test
    void aTableThatWasJustMadeDoesNotDiffer() {
        assertThat(tables.differences(OrderLine.TABLE)).isEmpty();
        worksFor(OrderLine.of("o"));
    }

    @ParameterizedTest
    @FieldSource("WITH_ROWS")
    void isListedAndMendedAndTheRowsAreKept(Drift drift) {
        write(OrderLine.of("kept"));
        drift.happen(owner);

        mend(drift);

        assertThat(Sql.texts(batches, "select \"order\" || line || count || is_done from " + TABLE))
                .containsExactly("kept17false");
        worksFor(OrderLine.of("new"));
    }

    @ParameterizedTest
    @FieldSource("WITHOUT_ROWS")
    void isListedAndMended(Drift drift) {
        drift.happen(owner);

        mend(drift);

        worksFor(OrderLine.of("new"));
    }

    private void mend(Drift drift) {
        ReadModelMismatchException failure = failure();
        assertThat(failure.differences()).anySatisfy(difference -> {
            assertThat(difference.table()).isEqualTo("\"drift\".\"order_line\"");
            assertThat(difference.column()).isEqualTo(drift.column());
            assertThat(difference.problem()).contains(drift.problem());
        });
        runAsPrinted(failure);
        assertThat(tables.differences(OrderLine.TABLE)).isEmpty();
    }

    private ReadModelMismatchException failure() {
        return catchThrowableOfType(
                ReadModelMismatchException.class, () -> tables(Mode.VALIDATE).prepare(List.of(OrderLine.TABLE), false));
    }

    /** All that is printed after the words, at once. */
    private void runAsPrinted(ReadModelMismatchException failure) {
        String message = failure.getMessage();
        String words = "run, as the owner of the tables:\n";
        assertThat(message).contains(words);
        Sql.execute(owner, message.substring(message.indexOf(words) + words.length()));
    }

    private void write(OrderLine line) {
        Row row = OrderLine.TYPE.toRow(TENANT, line);
        new PostgresReadModels(batches, tables).write(OrderLine.TABLE, List.of(row), List.of());
    }

    /** Batches write and change rows, and applications find those of their tenant alone. */
    private void worksFor(OrderLine line) {
        write(line);
        OrderLine changed = new OrderLine(line.order(), 1, 8, true, null, null, List.of());
        write(changed);
        TenantReadModel<OrderLine> reader =
                new TenantReadModel<>(OrderLine.TYPE, new PostgresReadModels(owner, tables));
        assertThat(TenantContext.<Object>call(TENANT, () -> reader.get(line.order(), 1)))
                .hasToString("Optional[" + changed + "]");
        assertThat(TenantContext.<Object>call(TenantId.of("b"), () -> reader.get(line.order(), 1)))
                .hasToString("Optional.empty");
        assertThat(Sql.texts(owner, "select \"order\" from " + TABLE)).isEmpty();
    }

    @Test
    void listsAllDifferencesOfAllTablesAtOnce() {
        write(OrderLine.of("kept"));
        Sql.execute(
                owner,
                "alter table " + TABLE
                        + " drop column note, alter column count type text using count::text, add column extra int,"
                        + " alter column is_done drop not null, alter column amount set not null,"
                        + " drop constraint order_line_pkey, disable row level security");

        ReadModelMismatchException failure = failure();

        assertThat(failure.differences())
                .extracting(ReadModelDifference::column)
                .containsExactlyInAnyOrder("note", "count", "extra", "is_done", "amount", "", "");
        assertThat(failure)
                .hasMessageContainingAll("in 7 places", "nothing was changed")
                .hasMessageContainingAll(failure.differences().stream()
                        .map(ReadModelDifference::toString)
                        .toArray(String[]::new));
        runAsPrinted(failure);
        assertThat(tables.differences(OrderLine.TABLE)).isEmpty();
        assertThat(Sql.number(batches, "select count(*) from " + TABLE)).isOne();
        worksFor(OrderLine.of("new"));
    }

    @Test
    void whatDoesNotMatterIsNoDifference() {
        Sql.execute(
                owner,
                "alter table " + TABLE + " drop constraint order_line_pkey",
                "create unique index on " + TABLE + " (line, tenant, \"order\") include (count)",
                "create unique index on " + TABLE + " (line, tenant, \"order\")",
                "alter table " + TABLE + " alter column note type varchar(20), alter column count set default 1,"
                        + " add check (count > 0)",
                "drop policy of_tenant on " + TABLE,
                "create policy mine on " + TABLE
                        + " for select using (tenant = (select current_setting('eventsourcing.tenant', true)))",
                "create policy further on " + TABLE + " to pg_monitor using (true)",
                "create index on " + TABLE + " (note)");

        assertThat(tables.differences(OrderLine.TABLE)).isEmpty();
        worksFor(OrderLine.of("new"));
    }

    @Test
    void aTableMayBePartitioned() {
        Sql.execute(owner, "drop table " + TABLE);
        Sql.execute(
                owner,
                "create table " + TABLE
                        + " (tenant text not null, \"order\" text not null, line int not null, count bigint not null,"
                        + " is_done boolean not null, note text, amount numeric, labels jsonb not null,"
                        + " primary key (tenant, \"order\", line)) partition by hash (tenant)");
        for (String part : Arrays.asList("0", "1")) {
            Sql.execute(
                    owner,
                    "create table " + TABLE + "_p" + part + " partition of " + TABLE
                            + " for values with (modulus 2, remainder " + part + ")");
        }

        runAsPrinted(failure());

        assertThat(tables.differences(OrderLine.TABLE)).isEmpty();
        worksFor(OrderLine.of("new"));
    }
}
