package io.eventsourcing.projection;

import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.readmodel.Row;
import io.eventsourcing.core.readmodel.RowKey;
import io.eventsourcing.core.readmodel.RowQuery;
import java.util.List;

/** Where a live projection begins: there are no rows, and none are kept. */
enum NothingStored implements ReadModelStorePort {
    INSTANCE;

    @Override
    public List<Row> lock(ReadModelTable table, List<RowKey> keys) {
        return List.of();
    }

    @Override
    public void write(ReadModelTable table, List<Row> upserts, List<RowKey> deletes) {}

    @Override
    public List<Row> find(ReadModelType<?> type, RowQuery query) {
        return List.of();
    }
}
