package io.eventsourcing.postgres;

import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.StoredSnapshot;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Loads the latest snapshot of a stream that can be read as a class. */
final class LatestSnapshot {

    private static final int PARAMETERS = 5;

    private final StoreConnection connection;
    private final EventSerialization serialization;
    private final String sql;

    LatestSnapshot(StoreConnection connection, SchemaName schema, EventSerialization serialization) {
        this.connection = connection;
        this.serialization = serialization;
        this.sql = schema.call("latest_snapshot", PARAMETERS);
    }

    <S> Optional<Snapshot<S>> load(StreamId stream, Class<S> state) {
        String type = serialization.snapshotType(state).name();
        List<Integer> schemaVersions = serialization.readableSchemaVersions(state);
        Optional<StoredSnapshot> stored = connection.run(sql, statement -> {
            new Binder(statement)
                    .text(stream.tenant().value())
                    .text(stream.type())
                    .text(stream.id())
                    .text(type)
                    .ints(schemaVersions);
            return read(statement, stream, type);
        });
        return stored.flatMap(snapshot -> serialization.read(snapshot, state));
    }

    private static Optional<StoredSnapshot> read(PreparedStatement statement, StreamId stream, String type)
            throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            VersionedType stored = new VersionedType(type, row.getInt("schema_version"));
            return Optional.of(new StoredSnapshot(
                    stream,
                    StreamVersion.of(row.getLong("version")),
                    new SerializedPayload(stored, row.getString("state"), row.getString("codec"))));
        }
    }
}
