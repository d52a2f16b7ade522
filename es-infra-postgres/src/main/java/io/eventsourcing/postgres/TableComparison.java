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
import org.jspecify.annotations.Nullable;

/** Compares a table with the record of its read model. Belongs to one connection. */
final class TableComparison {

    private static final String COLUMNS = """
            select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnotnull
            from pg_catalog.pg_attribute a
            where a.attrelid = ?::regclass and a.attnum > 0 and not a.attisdropped
            order by a.attnum""";

    /** Whether a unique index, of all rows, has exactly these columns. */
    private static final String HAS_KEY = """
            select exists (
                select from pg_catalog.pg_index i
                where i.indrelid = ?::regclass and i.indisunique and i.indimmediate and i.indisvalid and i.indpred is null
                  and (select array_agg(a.attname::text order by a.attname::text collate "C")
                       from pg_catalog.pg_attribute a
                       where a.attrelid = i.indrelid and a.attnum = any (i.indkey)) = ?
                  and i.indnatts = cardinality(?))""";

    private static final String IS_SECURED =
            "select c.relrowsecurity from pg_catalog.pg_class c where c.oid = ?::regclass";

    private final Connection connection;
    private final ReadModelDdl ddl;

    TableComparison(Connection connection, ReadModelDdl ddl) {
        this.connection = connection;
        this.ddl = ddl;
    }

    /** A column as it is in the database. */
    private record Found(String type, boolean isNotNull) {}

    List<ReadModelDifference> differences(ReadModelTable table) throws SQLException {
        String name = ddl.qualified(table.name());
        if (!exists(table.name())) {
            return List.of(
                    new ReadModelDifference(name, "", "there is no such table", String.join(";\n", ddl.create(table))));
        }
        List<ReadModelDifference> differences = new ArrayList<>();
        Map<String, Found> found = columns(name);
        compareTenant(name, found.remove(ReadModelType.TENANT), differences);
        for (Column column : table.type().columns()) {
            compare(name, column, found.remove(column.name()), differences);
        }
        found.forEach((column, is) -> differences.add(new ReadModelDifference(
                name,
                column,
                "the record has no such component",
                "alter table " + name + " drop column " + ReadModelDdl.quoted(column))));
        compareKey(name, table.type(), differences);
        compareSecurity(name, table.name(), differences);
        return differences;
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
                            row.getString("attname"), new Found(row.getString("type"), row.getBoolean("attnotnull")));
                }
            }
        }
        return columns;
    }

    private static void compareTenant(String name, @Nullable Found found, List<ReadModelDifference> differences) {
        Column tenant = new Column(ReadModelType.TENANT, ReadModelType.TENANT, ColumnType.TEXT, false, true);
        compare(name, tenant, found, differences);
    }

    private static void compare(
            String name, Column column, @Nullable Found found, List<ReadModelDifference> differences) {
        String quoted = ReadModelDdl.quoted(column.name());
        String alter = "alter table " + name + " alter column " + quoted;
        if (found == null) {
            differences.add(new ReadModelDifference(
                    name,
                    column.name(),
                    "it is missing",
                    "alter table " + name + " add column " + quoted + " " + ReadModelDdl.columnType(column.type())
                            + (column.isNullable() ? "" : " not null")));
            return;
        }
        String type = ReadModelDdl.typeOf(column.type());
        if (!fits(column.type(), found.type())) {
            differences.add(new ReadModelDifference(
                    name,
                    column.name(),
                    "it is " + found.type() + ", but must be " + type,
                    alter + " type " + ReadModelDdl.columnType(column.type()) + " using " + quoted + "::" + type));
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

    /** A text that is too long for its column is refused; a number with too many digits would be rounded. */
    private static boolean fits(ColumnType type, String found) {
        return found.equals(ReadModelDdl.typeOf(type))
                || (type == ColumnType.TEXT && found.startsWith("character varying"));
    }

    private void compareKey(String name, ReadModelType<?> type, List<ReadModelDifference> differences)
            throws SQLException {
        List<String> columns = new ArrayList<>(List.of(ReadModelType.TENANT));
        type.idColumns().forEach(column -> columns.add(column.name()));
        List<String> sorted = columns.stream().sorted().toList();
        try (PreparedStatement statement = connection.prepareStatement(HAS_KEY)) {
            new Binder(statement).text(name).texts(sorted).texts(sorted);
            if (!isTrue(statement)) {
                differences.add(new ReadModelDifference(
                        name,
                        "",
                        "no primary key or unique index is on exactly the columns " + columns,
                        "alter table " + name + " add unique (" + ReadModelDdl.key(type) + ")"));
            }
        }
    }

    private void compareSecurity(String name, String table, List<ReadModelDifference> differences) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(IS_SECURED)) {
            statement.setString(1, name);
            if (!isTrue(statement)) {
                differences.add(new ReadModelDifference(
                        name,
                        "",
                        "row-level security does not keep its tenants apart",
                        String.join(";\n", ddl.secure(table))));
            }
        }
    }
}
