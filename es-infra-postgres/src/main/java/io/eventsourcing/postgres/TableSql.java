package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.Column;
import io.eventsourcing.core.readmodel.ColumnType;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.readmodel.Row;
import io.eventsourcing.core.readmodel.RowKey;
import io.eventsourcing.core.tenant.TenantId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statements on one table: each takes any number of rows in an array for each column, so that its text, and its plan, is always the
 * same. Arrays keep the order of the rows, and so do these statements: all who lock rows of a table lock them in the order of their keys.
 * Immutable and thread-safe.
 */
final class TableSql {

    private final ReadModelType<?> type;
    private final List<Column> columns;
    private final List<Column> id;
    private final String lockSql;
    private final String upsertSql;
    private final String deleteSql;

    TableSql(ReadModelTable table, ReadModelDdl ddl) {
        this.type = table.type();
        this.columns = type.columns();
        this.id = type.idColumns();
        String name = ddl.qualified(table.name());
        this.lockSql = lockSql(name);
        this.upsertSql = upsertSql(name);
        this.deleteSql = deleteSql(name);
    }

    /** Each in its turn: a join could lock them in another order. */
    private String lockSql(String name) {
        return "select t.* from " + keys() + " cross join lateral (select " + quoted(tenantAnd(columns), "r") + " from "
                + name + " r where " + sameKey("r") + " for update) t order by k.place";
    }

    private String keys() {
        return "unnest(" + arrays(id) + ") with ordinality as k (" + names(tenantAnd(id)) + ", place)";
    }

    private String sameKey(String row) {
        return Stream.concat(
                        Stream.of(row + ".tenant = k.tenant"),
                        id.stream()
                                .map(column -> row + "." + ReadModelDdl.quoted(column.name()) + " = k."
                                        + ReadModelDdl.quoted(column.name()) + StoredColumn.cast(column.type())))
                .collect(Collectors.joining(" and "));
    }

    private String upsertSql(String name) {
        String selected = Stream.concat(
                        Stream.of("u.tenant"),
                        columns.stream()
                                .map(column ->
                                        "u." + ReadModelDdl.quoted(column.name()) + StoredColumn.cast(column.type())))
                .collect(Collectors.joining(", "));
        String changed = columns.stream()
                .filter(column -> !column.isId())
                .map(column -> ReadModelDdl.quoted(column.name()))
                .map(column -> column + " = excluded." + column)
                .collect(Collectors.joining(", "));
        return "insert into " + name + " (" + names(tenantAnd(columns)) + ") select " + selected + " from unnest("
                + arrays(columns) + ") as u (" + names(tenantAnd(columns)) + ") on conflict (" + ReadModelDdl.key(type)
                + ") do " + (changed.isEmpty() ? "nothing" : "update set " + changed);
    }

    private String deleteSql(String name) {
        return "with locked as materialized (select k.* from " + keys() + " cross join lateral (select from " + name
                + " r where " + sameKey("r") + " for update) t order by k.place) delete from " + name
                + " r using locked k where " + sameKey("r");
    }

    private static List<String> tenantAnd(List<Column> columns) {
        return Stream.concat(Stream.of(ReadModelType.TENANT), columns.stream().map(Column::name))
                .toList();
    }

    private static String names(List<String> names) {
        return names.stream().map(ReadModelDdl::quoted).collect(Collectors.joining(", "));
    }

    private static String quoted(List<String> names, String row) {
        return names.stream().map(name -> row + "." + ReadModelDdl.quoted(name)).collect(Collectors.joining(", "));
    }

    private static String arrays(List<Column> columns) {
        return Stream.concat(
                        Stream.of("?::text[]"),
                        columns.stream().map(column -> "?::" + StoredColumn.arrayOf(column.type()) + "[]"))
                .collect(Collectors.joining(", "));
    }

    List<Row> lock(StoreConnection connection, List<RowKey> keys) {
        return connection.run(lockSql, statement -> {
            bindKeys(statement, keys);
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(read(row, type));
                }
            }
            return rows;
        });
    }

    /** A row whose first column is the tenant. */
    static Row read(ResultSet row, ReadModelType<?> type) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        List<Column> columns = type.columns();
        for (int i = 0; i < columns.size(); i++) {
            values.add(StoredColumn.read(row, i + 2, columns.get(i).type()));
        }
        return new Row(new TenantId(row.getString(1)), values);
    }

    void upsert(StoreConnection connection, List<Row> rows) {
        connection.run(upsertSql, statement -> {
            bindArray(statement, 1, ColumnType.TEXT, rows, row -> row.tenant().value());
            for (int i = 0; i < columns.size(); i++) {
                int place = i;
                bindArray(
                        statement,
                        i + 2,
                        columns.get(i).type(),
                        rows,
                        row -> row.values().get(place));
            }
            return statement.executeUpdate();
        });
    }

    void delete(StoreConnection connection, List<RowKey> keys) {
        connection.run(deleteSql, statement -> {
            bindKeys(statement, keys);
            return statement.executeUpdate();
        });
    }

    private void bindKeys(PreparedStatement statement, List<RowKey> keys) throws SQLException {
        bindArray(statement, 1, ColumnType.TEXT, keys, key -> key.tenant().value());
        for (int i = 0; i < id.size(); i++) {
            int place = i;
            bindArray(statement, i + 2, id.get(i).type(), keys, key -> key.id().get(place));
        }
    }

    private static <R> void bindArray(
            PreparedStatement statement, int index, ColumnType type, List<R> rows, Function<R, @Nullable Object> value)
            throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(rows.size());
        rows.forEach(row -> values.add(value.apply(row)));
        StoredColumn.bindArray(statement, index, type, values);
    }
}
