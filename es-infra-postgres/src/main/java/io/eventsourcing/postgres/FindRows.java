package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.Column;
import io.eventsourcing.core.readmodel.ColumnType;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.readmodel.Row;
import io.eventsourcing.core.readmodel.RowQuery;
import io.eventsourcing.core.readmodel.RowQuery.Order;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page of rows of a tenant, which it sets for row-level security. Both statements are sent in one round trip, and so run in one
 * transaction, also where none surrounds them; there the caller's tenant is set again afterwards. Belongs to one query.
 */
final class FindRows {

    private record Parameter(ColumnType type, @Nullable Object value) {}

    private static final String SET_TENANT =
            "select current_setting('eventsourcing.tenant', true), set_config('eventsourcing.tenant', ?, true)";

    private final ReadModelType<?> type;
    private final String tenant;
    private final String sql;
    private final List<Parameter> parameters = new ArrayList<>();

    FindRows(ReadModelType<?> type, ReadModelDdl ddl, RowQuery query) {
        this.type = type;
        this.tenant = query.tenant().value();
        List<String> conditions = new ArrayList<>();
        conditions.add("r.tenant = " + parameter(ColumnType.TEXT, tenant));
        query.equal().forEach((place, value) -> conditions.add(equal(place, value)));
        if (query.after() != null) {
            conditions.add(after(query.order(), query.after()));
        }
        String columns = Stream.concat(
                        Stream.of(ReadModelType.TENANT), type.columns().stream().map(Column::name))
                .map(name -> "r." + ReadModelDdl.quoted(name))
                .collect(Collectors.joining(", "));
        this.sql = SET_TENANT + "; select " + columns + " from " + ddl.qualified(type.table()) + " r where "
                + String.join(" and ", conditions) + " order by "
                + query.order().stream().map(this::ordered).collect(Collectors.joining(", ")) + " limit "
                + query.limit();
    }

    private String parameter(ColumnType of, @Nullable Object value) {
        parameters.add(new Parameter(of, value));
        return "?::" + ReadModelDdl.typeOf(of);
    }

    private String column(int place) {
        return "r." + ReadModelDdl.quoted(type.columns().get(place).name());
    }

    /** As in memory, whatever the collation of the database. */
    private String sortable(Order order) {
        return column(order.place()) + (order.type() == ColumnType.TEXT ? " collate \"C\"" : "");
    }

    private String equal(int place, @Nullable Object value) {
        return value == null
                ? column(place) + " is null"
                : column(place) + " = " + parameter(type.columns().get(place).type(), value);
    }

    private String ordered(Order order) {
        boolean isNullable = type.columns().get(order.place()).isNullable();
        // without a null the words would only keep an index from being used
        return sortable(order) + (order.isDescending() ? " desc" : "") + (isNullable ? " nulls last" : "");
    }

    /** Beyond the values in the first column; or equal there, and beyond them in the next; and so on. */
    private String after(List<Order> order, List<@Nullable Object> values) {
        Order first = order.get(0);
        Object value = values.get(0);
        String beyond = beyond(first, value);
        if (order.size() == 1) {
            return beyond;
        }
        String same = value == null
                ? column(first.place()) + " is null"
                : sortable(first) + " = " + parameter(first.type(), value);
        String rest = after(order.subList(1, order.size()), values.subList(1, values.size()));
        return "(" + beyond + " or " + same + " and " + rest + ")";
    }

    private String beyond(Order order, @Nullable Object value) {
        if (value == null) {
            return "false"; // null comes last
        }
        String larger = sortable(order) + (order.isDescending() ? " < " : " > ") + parameter(order.type(), value);
        return type.columns().get(order.place()).isNullable()
                ? "(" + larger + " or " + column(order.place()) + " is null)"
                : larger;
    }

    List<Row> in(StoreConnection connection) {
        boolean isShared = connection.isInTransaction();
        AtomicReference<@Nullable String> callers = new AtomicReference<>();
        List<Row> rows = connection.run(
                sql,
                statement -> {
                    bind(statement);
                    statement.execute();
                    callers.set(callersTenant(statement));
                    return rows(statement);
                },
                SqlErrors.ofReadModel(type.table()));
        if (isShared) {
            String before = callers.get();
            connection.run(SET_TENANT, statement -> {
                statement.setString(1, before == null ? "" : before);
                return statement.execute();
            });
        }
        return rows;
    }

    private void bind(PreparedStatement statement) throws SQLException {
        statement.setString(1, tenant);
        for (int i = 0; i < parameters.size(); i++) {
            Parameter each = parameters.get(i);
            StoredColumn.bind(statement, i + 2, each.type(), each.value());
        }
    }

    private static @Nullable String callersTenant(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.getResultSet()) {
            row.next();
            return row.getString(1);
        }
    }

    private List<Row> rows(PreparedStatement statement) throws SQLException {
        statement.getMoreResults();
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = statement.getResultSet()) {
            while (row.next()) {
                rows.add(TableSql.read(row, type));
            }
        }
        return rows;
    }
}
