package io.eventsourcing.projection;

import io.eventsourcing.core.readmodel.Column;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.readmodel.RowKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes rows in the batch of the calling thread.
 *
 * @param type what a row is
 * @param <T> the record
 */
record BatchUpdater<T>(ReadModelType<T> type) implements ReadModelUpdaterPort<T> {

    @Override
    public void upsert(T row) {
        Batch batch = Batch.current(type);
        batch.rows(type).put(type.toRow(batch.tenant(), row));
    }

    @Override
    public void delete(Object... id) {
        Batch batch = Batch.current(type);
        batch.rows(type).delete(type.key(batch.tenant(), id));
    }

    @Override
    public RowUpdate update(Object... id) {
        Batch batch = Batch.current(type);
        return new Update(batch.rows(type), type.key(batch.tenant(), id));
    }

    @Override
    public Optional<T> get(Object... id) {
        Batch batch = Batch.current(type);
        return Optional.ofNullable(batch.rows(type).get(type.key(batch.tenant(), id)))
                .map(type::toRecord);
    }

    private final class Update implements RowUpdate {

        private final PendingRows rows;
        private final RowKey key;

        Update(PendingRows rows, RowKey key) {
            this.rows = rows;
            this.key = key;
        }

        @Override
        public RowUpdate set(String component, @Nullable Object value) {
            int place = placeOf(component);
            Object stored = type.toStored(place, value);
            rows.change(key, row -> row.with(place, stored));
            return this;
        }

        @Override
        public RowUpdate increment(String component, Number by) {
            int place = placeOf(component);
            rows.change(key, row -> type.incremented(row, place, by));
            return this;
        }

        private int placeOf(String component) {
            int place = type.placeOf(component);
            Column column = type.columns().get(place);
            if (column.isId()) {
                throw new IllegalArgumentException("The component '" + component + "' of the read model '"
                        + type.table()
                        + "' is part of its id, and cannot be changed. Nothing of this batch was written. Delete the row, and upsert"
                        + " another one.");
            }
            return place;
        }
    }
}
