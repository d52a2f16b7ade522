package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table, as it is stored.
 *
 * @param tenant whose it is
 * @param values the stored values, in the order of the columns
 */
public record Row(TenantId tenant, List<@Nullable Object> values) {

    /** Copies the values. */
    public Row {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /**
     * The same with another value.
     *
     * @param place the place of the column
     * @param value its stored value
     * @return the other row
     */
    public Row with(int place, @Nullable Object value) {
        List<@Nullable Object> changed = new ArrayList<>(values);
        changed.set(place, value);
        return new Row(tenant, changed);
    }
}
