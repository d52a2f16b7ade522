package io.eventsourcing.projection;

import io.eventsourcing.core.readmodel.ReadModelException;
import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.Row;
import io.eventsourcing.core.readmodel.RowKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The rows of one table that a batch has read or changed: of all changes of a row, what they come to is written. */
final class PendingRows {

    private final ReadModelTable table;
    private final ReadModelStorePort store;
    private final Map<RowKey, PendingRow> rows = new HashMap<>();

    PendingRows(ReadModelTable table, ReadModelStorePort store) {
        this.table = table;
        this.store = store;
    }

    ReadModelTable table() {
        return table;
    }

    void put(Row row) {
        pending(table.type().keyOf(row)).put(row);
    }

    void delete(RowKey key) {
        pending(key).delete();
    }

    void change(RowKey key, UnaryOperator<Row> change) {
        if (!pending(key).change(change)) {
            throw notThere(key);
        }
    }

    @Nullable
    Row get(RowKey key) {
        PendingRow pending = pending(key);
        if (!pending.isKnown()) {
            load(List.of(key));
        }
        return pending.row();
    }

    private PendingRow pending(RowKey key) {
        return rows.computeIfAbsent(key, unused -> new PendingRow());
    }

    private void load(List<RowKey> keys) {
        Map<RowKey, Row> stored = new HashMap<>();
        store.lock(table, keys).forEach(row -> stored.put(table.type().keyOf(row), row));
        for (RowKey key : keys) {
            if (!pending(key).isStoredAs(stored.get(key))) {
                throw notThere(key);
            }
        }
    }

    private ReadModelException notThere(RowKey key) {
        return new ReadModelException("The row " + key + " of the read model '"
                + table.type().table()
                + "' was to be updated, but there is none. Nothing of this batch was written. Upsert it first; or ask with get"
                + " whether it is there, where it need not be.");
    }

    void flush() {
        List<RowKey> unknown = keys(row -> !row.isKnown());
        if (!unknown.isEmpty()) {
            load(unknown);
        }
        List<Row> upserts = keys(PendingRow::isToWrite).stream()
                .map(key -> pending(key).row())
                .toList();
        List<RowKey> deletes = keys(PendingRow::isToDelete);
        if (!upserts.isEmpty() || !deletes.isEmpty()) {
            store.write(table, upserts, deletes);
        }
    }

    private List<RowKey> keys(Predicate<PendingRow> wanted) {
        return rows.entrySet().stream()
                .filter(entry -> wanted.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted(table.type().keyOrder())
                .toList();
    }

    /** All rows that there are, by their keys, where nothing is stored. */
    Collection<Row> all() {
        return keys(row -> row.row() != null).stream()
                .map(key -> pending(key).row())
                .toList();
    }
}
