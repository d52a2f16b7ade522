package io.eventsourcing.postgres;

import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.StoredSnapshot;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads a page of a stream, oldest event first; the first page with the latest snapshot before it, where that is asked for. */
final class LoadStream {

    private static final int PARAMETERS = 9;

    private final StoreConnection connection;
    private final String sql;

    LoadStream(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.call("load_stream", PARAMETERS);
    }

    /** The events from {@code from} up to {@code to}, both included. */
    StreamPage page(StreamId stream, long from, long to, int limit) {
        return connection.run(sql, statement -> {
            bindRange(new Binder(statement), stream, from, to, limit).text(null).ints(List.of());
            try (ResultSet row = statement.executeQuery()) {
                return StreamPage.read(row, stream, none -> null);
            }
        });
    }

    /** The latest snapshot of one of these schema versions, and the first events after it; the first events without one. */
    StreamPage firstPageAfterSnapshot(StreamId stream, String stateType, List<Integer> schemaVersions) {
        return connection.run(sql, statement -> {
            bindRange(new Binder(statement), stream, 1, Long.MAX_VALUE, StreamPage.FIRST_LIMIT)
                    .text(stateType)
                    .ints(schemaVersions);
            try (ResultSet row = statement.executeQuery()) {
                return StreamPage.read(row, stream, columns -> snapshot(columns, stream, stateType));
            }
        });
    }

    private static Binder bindRange(Binder binder, StreamId stream, long from, long to, int limit) throws SQLException {
        return binder.text(stream.tenant().value())
                .text(stream.type())
                .text(stream.id())
                .bigint(from)
                .bigint(to)
                .integer(limit)
                .bigint(StreamPage.MAX_BYTES);
    }

    private static @Nullable StoredSnapshot snapshot(ResultSet row, StreamId stream, String stateType)
            throws SQLException {
        long version = row.getLong("state_version");
        if (row.wasNull()) {
            return null;
        }
        VersionedType type = new VersionedType(stateType, row.getInt("state_schema_version"));
        return new StoredSnapshot(
                stream,
                StreamVersion.of(version),
                new SerializedPayload(type, row.getString("state"), row.getString("state_codec")));
    }
}
