package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.Column;
import io.eventsourcing.core.readmodel.ColumnType;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares a table with the record of its read model. Belongs to one connection. */
final class TableComparison {

    /** What an object of the name is, if it is no table; a partitioned table is one. */
    private static final String KIND = """
            select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table'
                       when 'S' then 'sequence' when 'c' then 'type' else 'index' end
            from pg_catalog.pg_class c
            where c.oid = ?::regclass and c.relkind not in ('r', 'p')""";

    private static final String COLUMNS = """
            select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
                   case when a.attidentity = 'a' then 'identity' when a.attgenerated = 's' then 'expression'
                       when a.attgenerated <> '' then 'virtual' end as generated
            from pg_catalog.pg_attribute a
            where a.attrelid = ?::regclass and a.attnum > 0 and not a.attisdropped
            order by a.attnum""";

    private static final String PRIMARY_KEY = """
            select c.conname from pg_catalog.pg_constraint c where c.conrelid = ?::regclass and c.contype = 'p'""";

    /** Whether a unique index, of all rows, has exactly these columns. */
    private static final String HAS_KEY = """
            select exists (
                select from pg_catalog.pg_index i
                where i.indrelid = ?::regclass and i.indisunique and i.indimmediate and i.indisvalid and i.indpred is null
                  and (select array_agg(a.attname::text order by a.attname::text collate "C")
                       from pg_catalog.pg_attribute a
                       where a.attrelid = i.indrelid and a.attnum = any (i.indkey)) = ?
                  and i.indnatts = cardinality(?))""";

    private final Connection connection;
    private final ReadModelDdl ddl;

    TableComparison(Connection connection, ReadModelDdl ddl) {
        this.connection = connection;
        this.ddl = ddl;
    }

    /**
     * A column as it is in the database.
     *
     * @param type its type, as PostgreSQL writes it
     * @param isNotNull whether it is never null
     * @param generated what makes its values, so that nothing can be written to it; null if nothing does
     */
    private record Found(
            String type, boolean isNotNull, @Nullable String generated) {}

    /** In the order in which they can be mended. */
    List<ReadModelDifference> differences(ReadModelTable table) throws SQLException {
        String name = ddl.qualified(table.name());
        String create = String.join(";\n", ddl.create(table));
        if (!exists(table.name())) {
            return List.of(new ReadModelDifference(name, "", "there is no such table", create));
        }
        String kind = text(KIND, name);
        if (kind != null) {
            return List.of(new ReadModelDifference(
                    name, "", "it is a " + kind + ", and no table", "drop " + kind + " " + name + ";\n" + create));
        }
        List<ReadModelDifference> differences = new ArrayList<>(columnDifferences(table));
        differences.addAll(new TableSecurity(connection, ddl).differences(table));
        return differences;
    }

    /** In what the columns and the key of a table differ, whoever may use it. */
    List<ReadModelDifference> columnDifferences(ReadModelTable table) throws SQLException {
        String name = ddl.qualified(table.name());
        List<ReadModelDifference> differences = new ArrayList<>();
        boolean hasKey = hasKey(name, table.type());
        String otherKey = hasKey ? null : text(PRIMARY_KEY, name);
        if (otherKey != null) {
            differences.add(new ReadModelDifference(
                    name,
                    "",
                    "its primary key is not on exactly the columns " + keyColumns(table.type()),
                    "alter table " + name + " drop constraint " + ReadModelDdl.quoted(otherKey)));
        }
        compareColumns(name, table.type(), differences);
        if (!hasKey) {
            differences.add(new ReadModelDifference(
                    name,
                    "",
                    "no primary key or unique index is on exactly the columns " + keyColumns(table.type()),
                    "alter table " + name + " add primary key (" + ReadModelDdl.key(table.type()) + ")"));
        }
        return differences;
    }

    private void compareColumns(String name, ReadModelType<?> type, List<ReadModelDifference> differences)
            throws SQLException {
        Map<String, Found> found = columns(name);
        List<Column> wanted = new ArrayList<>(type.columns());
        wanted.add(0, new Column(ReadModelType.TENANT, ReadModelType.TENANT, ColumnType.TEXT, false, true));
        Set<String> names = wanted.stream().map(Column::name).collect(Collectors.toSet());
        found.keySet().stream()
                .filter(column -> !names.contains(column))
                .forEach(column -> differences.add(new ReadModelDifference(
                        name,
                        column,
                        "the record has no such component",
                        "alter table " + name + " drop column " + ReadModelDdl.quoted(column))));
        wanted.forEach(column -> compare(name, column, found.get(column.name()), differences));
    }

    boolean exists(String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select to_regclass(?) is not null")) {
            statement.setString(1, ddl.qualified(table));
            return isTrue(statement);
        }
    }

    private static boolean isTrue(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private Map<String, Found> columns(String name) throws SQLException {
        Map<String, Found> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.put(
                            row.getString("attname"),
                            new Found(row.getString("type"), row.getBoolean("attnotnull"), row.getString("generated")));
                }
            }
        }
        return columns;
    }

    private @Nullable String text(String sql, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private void compare(String name, Column column, @Nullable Found found, List<ReadModelDifference> differences) {
        String quoted = ReadModelDdl.quoted(column.name());
        String alter = "alter table " + name + " alter column " + quoted;
        String add = "alter table " + name + " add column " + quoted + " " + ReadModelDdl.columnType(column.type())
                + (column.isNullable() ? "" : " not null");
        if (found == null) {
            differences.add(new ReadModelDifference(name, column.name(), "it is missing", add));
            return;
        }
        if (found.generated() != null) {
            boolean isVirtual = found.generated().equals("virtual");
            differences.add(new ReadModelDifference(
                    name,
                    column.name(),
                    "it is generated, so that nothing can be written to it",
                    isVirtual
                            ? "alter table " + name + " drop column " + quoted + ";\n" + add
                            : alter + " drop " + found.generated()));
            if (isVirtual) {
                return;
            }
        }
        if (!fits(column.type(), found.type())) {
            differences.add(ofType(name, column, found));
        }
        if (found.isNotNull() == column.isNullable()) {
            differences.add(new ReadModelDifference(
                    name,
                    column.name(),
                    column.isNullable()
                            ? "it is not null, but the component is @Nullable"
                            : "it may be null, but the component is not @Nullable",
                    alter + (column.isNullable() ? " drop not null" : " set not null")));
        }
    }

    /** By way of text, to which and from which all types go: what a value loses by that is an error, and no other value. */
    private ReadModelDifference ofType(String name, Column column, Found found) {
        String type = ReadModelDdl.typeOf(column.type());
        String quoted = ReadModelDdl.quoted(column.name());
        String text = quoted + "::text";
        String value = switch (column.type()) {
            case TEXT -> text;
            case SMALLINT, INTEGER, BIGINT -> "trim_scale(" + text + "::numeric)::text::" + type;
            default -> text + "::" + type;
        };
        String change = "alter table " + name + " alter column " + quoted + " drop default, alter column " + quoted
                + " type " + ReadModelDdl.columnType(column.type()) + " using " + value;
        if (column.name().equals(ReadModelType.TENANT)) {
            change = "drop policy if exists " + ReadModelDdl.OF_TENANT + " on " + name + ";\n" + change + ";\n"
                    + ddl.policyOfTenant(name);
        }
        return new ReadModelDifference(name, column.name(), "it is " + found.type() + ", but must be " + type, change);
    }

    /** A text that is too long for its column is refused; a number with too many digits would be rounded. */
    private static boolean fits(ColumnType type, String found) {
        return found.equals(ReadModelDdl.typeOf(type))
                || (type == ColumnType.TEXT && found.startsWith("character varying"));
    }

    private boolean hasKey(String name, ReadModelType<?> type) throws SQLException {
        List<String> columns = keyColumns(type).stream().sorted().toList();
        try (PreparedStatement statement = connection.prepareStatement(HAS_KEY)) {
            new Binder(statement).text(name).texts(columns).texts(columns);
            return isTrue(statement);
        }
    }

    private static List<String> keyColumns(ReadModelType<?> type) {
        List<String> columns = new ArrayList<>(List.of(ReadModelType.TENANT));
        type.idColumns().forEach(column -> columns.add(column.name()));
        return columns;
    }
}
