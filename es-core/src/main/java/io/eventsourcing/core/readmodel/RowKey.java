package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.tenant.TenantId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What identifies a row in a table.
 *
 * @param tenant whose it is
 * @param id the stored values of the id's columns, in the order of the columns
 */
public record RowKey(TenantId tenant, List<Object> id) {

    /** Copies the id. */
    public RowKey {
        id = List.copyOf(id);
    }

    /** The key as error texts name it. */
    @Override
    public String toString() {
        return id.stream().map(StoredValues::describe).collect(Collectors.joining(", ", "[", "] of tenant " + tenant));
    }
}
