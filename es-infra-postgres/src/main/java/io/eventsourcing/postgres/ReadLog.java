package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads a page of the log. What makes it exact stands in the migration that creates read_log. */
final class ReadLog {

    private static final int PARAMETERS = 9;

    /** How many positions are looked at for each event that is wanted, where a filter may leave events out. */
    private static final int SCANNED_FOR_EACH = 20;

    private static final int LONGEST_SCAN = 20_000;

    private final StoreConnection connection;
    private final EventSerialization serialization;
    private final String sql;

    ReadLog(StoreConnection connection, SchemaName schema, EventSerialization serialization) {
        this.connection = connection;
        this.serialization = serialization;
        this.sql = schema.call("read_log", PARAMETERS);
    }

    LogPage page(LogQuery query) {
        return connection.run(sql, statement -> {
            bind(new Binder(statement), query);
            try (ResultSet row = statement.executeQuery()) {
                return page(row, query, statement);
            }
        });
    }

    private void bind(Binder binder, LogQuery query) throws SQLException {
        LogFilter filter = query.filter();
        TenantId tenant = filter.tenant();
        binder.bigint(query.after().value())
                .integer(query.limit())
                .integer(scan(query))
                .bigint(StreamPage.MAX_BYTES)
                .text(tenant == null ? null : tenant.value())
                .texts(List.copyOf(serialization.storedNames(filter.eventTypes())))
                .texts(List.copyOf(filter.streamTypes()))
                .texts(filter.tags().stream().map(Tag::toString).sorted().toList())
                .bool(filter.includesArchived());
    }

    private static int scan(LogQuery query) {
        LogFilter filter = query.filter();
        boolean selective = !filter.eventTypes().isEmpty()
                || !filter.streamTypes().isEmpty()
                || !filter.tags().isEmpty();
        return selective ? Math.min(LONGEST_SCAN, SCANNED_FOR_EACH * query.limit()) : query.limit();
    }

    private LogPage page(ResultSet row, LogQuery query, PreparedStatement statement) throws SQLException {
        row.next();
        String refused = row.getString("refused");
        GlobalPosition mark = new GlobalPosition(row.getLong("mark"));
        if ("ahead".equals(refused)) {
            throw new PositionAheadOfLogException(query.after(), mark);
        }
        UnsupportedTransactionException.rejectRead(refused, statement);
        GlobalPosition position = new GlobalPosition(row.getLong("scanned_to"));
        boolean isLast = row.getBoolean("is_last");
        List<LogEntry> entries = new ArrayList<>();
        if (row.getObject("position") != null) {
            do {
                entries.add(new LogEntry(StoredEventRow.read(row, stream(row)), query.filter(), serialization));
                if (row.getBoolean("is_full")) {
                    isLast &= row.getLong("position") == position.value();
                    position = new GlobalPosition(row.getLong("position"));
                }
            } while (row.next());
        }
        return new LogPage(entries, position, mark, isLast);
    }

    private static StreamId stream(ResultSet row) throws SQLException {
        return new StreamId(
                new TenantId(row.getString("tenant")), row.getString("stream_type"), row.getString("stream_id"));
    }
}
