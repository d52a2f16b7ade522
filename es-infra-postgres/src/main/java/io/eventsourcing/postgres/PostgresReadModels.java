package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.readmodel.Row;
import io.eventsourcing.core.readmodel.RowKey;
import io.eventsourcing.core.readmodel.RowQuery;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * The rows of read models, on PostgreSQL 15 to 18: written in the transaction of the checkpoint, in one statement for each table and kind,
 * however many rows there are. Thread-safe.
 */
public final class PostgresReadModels implements ReadModelStorePort {

    private final StoreConnection batches;
    private final StoreConnection application;
    private final ReadModelTables tables;
    private final Map<ReadModelTable, TableSql> sql = new ConcurrentHashMap<>();

    /**
     * Read models of a single login.
     *
     * @param dataSource the DataSource of the checkpoints
     * @param tables where the tables are
     */
    public PostgresReadModels(DataSource dataSource, ReadModelTables tables) {
        this(dataSource, dataSource, tables);
    }

    /**
     * Read models that projections write by one login, and applications read by another one.
     *
     * @param transactions the DataSource of the checkpoints' transactions
     * @param application the application's DataSource
     * @param tables where the tables are
     */
    public PostgresReadModels(DataSource transactions, DataSource application, ReadModelTables tables) {
        this.batches = new StoreConnection(transactions);
        this.application = new StoreConnection(application);
        this.tables = tables;
    }

    private TableSql sqlOf(ReadModelTable table) {
        return sql.computeIfAbsent(table, unused -> new TableSql(table, tables.ddl()));
    }

    @Override
    public List<Row> lock(ReadModelTable table, List<RowKey> keys) {
        return sqlOf(table).lock(batches, keys);
    }

    @Override
    public void write(ReadModelTable table, List<Row> upserts, List<RowKey> deletes) {
        TableSql statements = sqlOf(table);
        if (!upserts.isEmpty()) {
            statements.upsert(batches, upserts);
        }
        if (!deletes.isEmpty()) {
            statements.delete(batches, deletes);
        }
    }

    @Override
    public List<Row> find(ReadModelType<?> type, RowQuery query) {
        return new FindRows(type, tables.ddl(), query).in(application);
    }
}
