package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.Column;
import io.eventsourcing.core.readmodel.ColumnType;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that makes the tables of read models. A tenant sees its own rows; who writes for all tenants says so in a setting, as for the
 * tables of the store.
 *
 * @param schema where the tables are
 * @param roles who may read and write them besides their owner; null for nobody
 */
record ReadModelDdl(String schema, @Nullable EventStoreRoles roles) {

    /** The table, quoted, with its schema. */
    String qualified(String table) {
        return quoted(schema) + "." + quoted(table);
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** How PostgreSQL writes the type of a column. */
    static String typeOf(ColumnType type) {
        return switch (type) {
            case TEXT -> "text";
            case SMALLINT -> "smallint";
            case INTEGER -> "integer";
            case BIGINT -> "bigint";
            case REAL -> "real";
            case DOUBLE -> "double precision";
            case NUMERIC -> "numeric";
            case BOOLEAN -> "boolean";
            case UUID -> "uuid";
            case DATE -> "date";
            case TIME -> "time without time zone";
            case TIMESTAMP -> "timestamp without time zone";
            case TIMESTAMPTZ -> "timestamp with time zone";
            case BYTES -> "bytea";
            case JSON -> "jsonb";
        };
    }

    /** Texts compare by their code points, in every database alike. */
    static String columnType(ColumnType type) {
        return typeOf(type) + (type == ColumnType.TEXT ? " collate \"C\"" : "");
    }

    /** Everything that a new table needs. */
    List<String> create(ReadModelTable table) {
        List<String> statements = new ArrayList<>();
        String columns = Stream.concat(
                        Stream.of(quoted(ReadModelType.TENANT) + " text collate \"C\" not null"),
                        table.type().columns().stream().map(ReadModelDdl::definition))
                .collect(Collectors.joining(",\n    "));
        statements.add("create table " + qualified(table.name()) + " (\n    " + columns + ",\n    primary key ("
                + key(table.type()) + ")\n)");
        statements.addAll(secure(table.name()));
        return statements;
    }

    private static String definition(Column column) {
        return quoted(column.name()) + " " + columnType(column.type()) + (column.isNullable() ? "" : " not null");
    }

    static String key(ReadModelType<?> type) {
        return Stream.concat(
                        Stream.of(ReadModelType.TENANT),
                        type.idColumns().stream().map(Column::name))
                .map(ReadModelDdl::quoted)
                .collect(Collectors.joining(", "));
    }

    /** Keeps tenants apart, and lets the roles in. */
    List<String> secure(String table) {
        String name = qualified(table);
        List<String> statements = new ArrayList<>(List.of(
                "alter table " + name + " enable row level security",
                "alter table " + name + " force row level security",
                "create policy of_tenant on " + name
                        + " using (tenant = (select current_setting('eventsourcing.tenant', true)))",
                "create policy of_all_tenants on " + name + " to "
                        + (roles == null ? "public" : quoted(roles.system()))
                        + " using (current_setting('eventsourcing.all_tenants', true) = 'on')"));
        if (roles != null) {
            statements.add("grant select, insert, update, delete on " + name + " to " + quoted(roles.system()));
            statements.add("grant select on " + name + " to " + quoted(roles.application()));
        }
        return statements;
    }

    /** What else the role of the application needs where appends write rows. */
    List<String> letTheApplicationWrite(String table) {
        return roles == null
                ? List.of()
                : List.of("grant insert, update, delete on " + qualified(table) + " to " + quoted(roles.application()));
    }
}
