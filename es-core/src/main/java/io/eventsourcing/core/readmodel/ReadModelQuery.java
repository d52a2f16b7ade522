package io.eventsourcing.core.readmodel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are wanted: those whose columns have these values, in this order, so many at a time. Rows that are equal in the order are
 * sorted by their id. Texts are sorted by their code points, and null comes last. Paging goes by the last row of a page: a row that is there
 * all the time comes once, whatever is written meanwhile. Immutable.
 */
public final class ReadModelQuery {

    /** The largest page. */
    public static final int MAX_LIMIT = 10_000;

    private static final int USUAL_LIMIT = 100;

    /**
     * A component that rows are sorted by.
     *
     * @param component its name
     * @param isDescending whether the largest come first
     */
    public record Sort(String component, boolean isDescending) {}

    private final Map<String, @Nullable Object> equal;
    private final List<Sort> sort;
    private final int limit;
    private final @Nullable String after;

    private ReadModelQuery(Map<String, @Nullable Object> equal, List<Sort> sort, int limit, @Nullable String after) {
        this.equal = Collections.unmodifiableMap(equal);
        this.sort = List.copyOf(sort);
        this.limit = limit;
        this.after = after;
    }

    /**
     * All rows, by their id, 100 on a page.
     *
     * @return the query
     */
    public static ReadModelQuery all() {
        return new ReadModelQuery(Map.of(), List.of(), USUAL_LIMIT, null);
    }

    /**
     * The same for rows in which a component has this value.
     *
     * @param component its name
     * @param value the value; null for rows in which it is null
     * @return the other query
     */
    public ReadModelQuery where(String component, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(equal);
        more.put(component, value);
        return new ReadModelQuery(more, sort, limit, after);
    }

    /**
     * The same, sorted by a component, the smallest first, after what it is sorted by already.
     *
     * @param component its name
     * @return the other query
     */
    public ReadModelQuery ascendingBy(String component) {
        return sortedBy(new Sort(component, false));
    }

    /**
     * The same, sorted by a component, the largest first, after what it is sorted by already.
     *
     * @param component its name
     * @return the other query
     */
    public ReadModelQuery descendingBy(String component) {
        return sortedBy(new Sort(component, true));
    }

    private ReadModelQuery sortedBy(Sort further) {
        List<Sort> more = new ArrayList<>(sort);
        more.add(further);
        return new ReadModelQuery(equal, more, limit, after);
    }

    /**
     * The same with so many rows on a page.
     *
     * @param rows from 1 to {@value #MAX_LIMIT}
     * @return the other query
     */
    public ReadModelQuery limitedTo(int rows) {
        if (rows < 1 || rows > MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "A page of " + rows + " rows was asked for. Nothing was read. Give 1 to " + MAX_LIMIT + ".");
        }
        return new ReadModelQuery(equal, sort, rows, after);
    }

    /**
     * The same for the page after another one.
     *
     * @param next what that page, of a query with the same order, says is next; null for the first page
     * @return the other query
     */
    public ReadModelQuery after(@Nullable String next) {
        return new ReadModelQuery(equal, sort, limit, next);
    }

    /**
     * The values that columns must have.
     *
     * @return the values by the names of the components
     */
    public Map<String, @Nullable Object> equal() {
        return equal;
    }

    /**
     * What rows are sorted by, before their id.
     *
     * @return the components, the most significant first
     */
    public List<Sort> sort() {
        return sort;
    }

    /**
     * The size of a page.
     *
     * @return rows
     */
    public int limit() {
        return limit;
    }

    /**
     * Where the page begins.
     *
     * @return what an earlier page said is next; null for the first page
     */
    public @Nullable String after() {
        return after;
    }
}
