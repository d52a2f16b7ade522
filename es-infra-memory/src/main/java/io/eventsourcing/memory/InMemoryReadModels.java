package io.eventsourcing.memory;

import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.readmodel.Row;
import io.eventsourcing.core.readmodel.RowKey;
import io.eventsourcing.core.readmodel.RowQuery;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of read models in memory, as they would be stored. What a batch writes is there when its transaction of
 * {@link InMemoryCheckpoints} ends well. Rows are not locked: read models whose rows are changed by several segments lose changes, as their
 * projections say they do not. Thread-safe.
 */
public final class InMemoryReadModels implements ReadModelStorePort {

    private final InMemoryCheckpoints checkpoints;

    /** Guarded by this. By the names of the tables. */
    private final Map<String, Map<RowKey, Row>> tables = new HashMap<>();

    /**
     * Has no rows.
     *
     * @param checkpoints whose transactions the rows are written in
     */
    public InMemoryReadModels(InMemoryCheckpoints checkpoints) {
        this.checkpoints = checkpoints;
    }

    @Override
    public synchronized List<Row> lock(ReadModelTable table, List<RowKey> keys) {
        Map<RowKey, Row> rows = rows(table.name(), table.type());
        return keys.stream().filter(rows::containsKey).map(rows::get).toList();
    }

    @Override
    public void write(ReadModelTable table, List<Row> upserts, List<RowKey> deletes) {
        checkpoints.atCommit(() -> writeNow(table, upserts, deletes));
    }

    private synchronized void writeNow(ReadModelTable table, List<Row> upserts, List<RowKey> deletes) {
        Map<RowKey, Row> rows = rows(table.name(), table.type());
        upserts.forEach(row -> rows.put(table.type().keyOf(row), row));
        deletes.forEach(rows::remove);
    }

    @Override
    public synchronized List<Row> find(ReadModelType<?> type, RowQuery query) {
        return rows(type.table(), type).values().stream()
                .filter(row -> row.tenant().equals(query.tenant()) && query.accepts(row))
                .sorted(query.comparator())
                .limit(query.limit())
                .toList();
    }

    private Map<RowKey, Row> rows(String table, ReadModelType<?> type) {
        return tables.computeIfAbsent(table, unused -> new TreeMap<>(type.keyOrder()));
    }

    /** Puts tables in the place of others, all at once. */
    synchronized void replace(Collection<ReadModelTable> built) {
        built.forEach(table -> {
            Map<RowKey, Row> rows = tables.remove(table.name());
            tables.put(
                    table.type().table(),
                    rows == null ? new TreeMap<>(table.type().keyOrder()) : rows);
        });
    }

    /** Takes all rows away. */
    synchronized void clear(Collection<ReadModelType<?>> types) {
        types.forEach(type -> tables.remove(type.table()));
    }
}
