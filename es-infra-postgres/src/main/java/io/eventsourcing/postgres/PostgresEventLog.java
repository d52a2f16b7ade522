package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.HighWaterMark;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.serialization.EventSerialization;
import java.time.Instant;
import javax.sql.DataSource;

/**
 * The log of the event store on PostgreSQL 15 to 18: each read is one round trip, takes no lock, and holds nobody up.
 *
 * <p>Appends register while they are in flight, and a read goes as far as nothing is in flight any more. Only appends hold it
 * back, not other transactions, however long they are.
 *
 * <p>A read joins the Spring transaction that surrounds it, if there is one for the same DataSource; it sees what is committed,
 * not what that transaction has appended itself. That transaction must be READ COMMITTED. The server must not be a standby.
 * Thread-safe.
 */
public final class PostgresEventLog implements EventLogPort {

    private final ReadLog readLog;
    private final ReadMark readMark;

    /**
     * The log of the store in the schema of the default name, {@value EventStoreSchema#DEFAULT_NAME}.
     *
     * @param dataSource connections to the database, best from a pool
     * @param serialization how events are stored
     * @throws IllegalArgumentException if the DataSource stands before a TransactionAwareDataSourceProxy
     */
    public PostgresEventLog(DataSource dataSource, EventSerialization serialization) {
        this(dataSource, serialization, EventStoreSchema.DEFAULT_NAME);
    }

    /**
     * The log of the store in a schema of another name.
     *
     * @param dataSource connections to the database, best from a pool
     * @param serialization how events are stored
     * @param schemaName the name of the schema
     * @throws IllegalArgumentException if the name or the DataSource cannot be used
     */
    public PostgresEventLog(DataSource dataSource, EventSerialization serialization, String schemaName) {
        SchemaName schema = new SchemaName(schemaName);
        StoreConnection connection = new StoreConnection(dataSource);
        this.readLog = new ReadLog(connection, schema, serialization);
        this.readMark = new ReadMark(connection, schema);
    }

    @Override
    public LogPage read(LogQuery query) {
        return readLog.page(query);
    }

    @Override
    public HighWaterMark highWaterMark() {
        return readMark.mark();
    }

    @Override
    public GlobalPosition now() {
        return readMark.end();
    }

    /** Instants beyond those that PostgreSQL can store are refused by it. */
    @Override
    public GlobalPosition before(Instant time) {
        return readMark.before(time);
    }
}
