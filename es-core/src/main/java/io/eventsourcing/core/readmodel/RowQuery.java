package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.tenant.TenantId;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A query for a store: with columns by their places, and stored values.
 *
 * @param tenant whose rows are wanted
 * @param equal the values that columns must have, by the places of the columns
 * @param order what rows are sorted by, with the id at its end, so that no two rows are equal
 * @param after the values of the ordered columns of the last row that was seen; null to begin at the first one
 * @param limit how many rows at most
 */
public record RowQuery(
        TenantId tenant,
        Map<Integer, @Nullable Object> equal,
        List<Order> order,
        @Nullable List<@Nullable Object> after,
        int limit) {

    /**
     * A column that rows are sorted by; null comes last.
     *
     * @param place its place
     * @param type what it holds
     * @param isDescending whether the largest come first
     */
    public record Order(int place, ColumnType type, boolean isDescending) {

        int compare(@Nullable Object one, @Nullable Object other) {
            if (one == null || other == null) {
                return Boolean.compare(one == null, other == null);
            }
            int ascending = type.compare(one, other);
            return isDescending ? -ascending : ascending;
        }
    }

    /**
     * The order of the rows.
     *
     * @return what compares two rows
     */
    public Comparator<Row> comparator() {
        return (one, other) -> compare(
                one,
                order.stream()
                        .<@Nullable Object>map(column -> other.values().get(column.place()))
                        .toList());
    }

    /**
     * Whether a row is after the last one that was seen, and has the values that are wanted.
     *
     * @param row a row of the tenant
     * @return true if it is wanted
     */
    public boolean accepts(Row row) {
        boolean isEqual = equal.entrySet().stream().allMatch(wanted -> {
            Object value = row.values().get(wanted.getKey());
            return value == null ? wanted.getValue() == null : isSame(value, wanted.getValue());
        });
        return isEqual && (after == null || compare(row, after) > 0);
    }

    /** As the database compares: numbers without regard to their scale. */
    @SuppressWarnings("unchecked") // stored values of one column are of one class
    private static boolean isSame(Object value, @Nullable Object wanted) {
        if (wanted == null) {
            return false;
        }
        return value instanceof BigDecimal
                ? ((Comparable<Object>) value).compareTo(wanted) == 0
                : value instanceof byte[] bytes ? Arrays.equals(bytes, (byte[]) wanted) : value.equals(wanted);
    }

    private int compare(Row row, List<@Nullable Object> values) {
        for (int i = 0; i < order.size(); i++) {
            Order column = order.get(i);
            int compared = column.compare(row.values().get(column.place()), values.get(i));
            if (compared != 0) {
                return compared;
            }
        }
        return 0;
    }
}
