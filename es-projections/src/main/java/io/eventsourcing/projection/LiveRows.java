package io.eventsourcing.projection;

import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.readmodel.Row;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows that a live projection has made for one query. Immutable. */
public final class LiveRows {

    private final ReadModels readModels;
    private final Map<ReadModelType<?>, Collection<Row>> rows;

    LiveRows(ReadModels readModels, Map<ReadModelType<?>, Collection<Row>> rows) {
        this.readModels = readModels;
        this.rows = rows;
    }

    /**
     * All rows of a read model.
     *
     * @param recordClass the record
     * @param <T> the record
     * @return the rows, in the order of their ids
     */
    public <T> List<T> all(Class<T> recordClass) {
        ReadModelType<T> type = readModels.type(recordClass);
        return rows.getOrDefault(type, List.of()).stream().map(type::toRecord).toList();
    }

    /**
     * The row with this id.
     *
     * @param recordClass the record
     * @param id the values of the components with {@link io.eventsourcing.core.readmodel.Id}, in their order
     * @param <T> the record
     * @return the row; empty if there is none
     * @throws IllegalArgumentException if there are more or less of them, or one is of another class
     */
    public <T> Optional<T> get(Class<T> recordClass, Object... id) {
        ReadModelType<T> type = readModels.type(recordClass);
        return rows.getOrDefault(type, List.of()).stream()
                .filter(row -> type.keyOf(row).equals(type.key(row.tenant(), id)))
                .findFirst()
                .map(type::toRecord);
    }
}
