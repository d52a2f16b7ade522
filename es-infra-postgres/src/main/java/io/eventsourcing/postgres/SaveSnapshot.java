package io.eventsourcing.postgres;

import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotAheadOfStreamException;
import io.eventsourcing.core.stream.StreamId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Keeps a snapshot of a stream, unless a later one is kept. */
final class SaveSnapshot {

    private static final int PARAMETERS = 8;

    private final StoreConnection connection;
    private final EventSerialization serialization;
    private final String sql;

    SaveSnapshot(StoreConnection connection, SchemaName schema, EventSerialization serialization) {
        this.connection = connection;
        this.serialization = serialization;
        this.sql = schema.call("save_snapshot", PARAMETERS);
    }

    void save(Snapshot<?> snapshot) {
        StreamId stream = snapshot.stream();
        SerializedPayload state = serialization.writeState(stream, snapshot.state());
        connection.run(sql, statement -> {
            new Binder(statement)
                    .text(stream.tenant().value())
                    .text(stream.type())
                    .text(stream.id())
                    .bigint(snapshot.version().value())
                    .text(state.type().name())
                    .integer(state.type().schemaVersion())
                    .text(state.json())
                    .text(state.codec());
            return outcome(statement, snapshot);
        });
    }

    private static String outcome(PreparedStatement statement, Snapshot<?> snapshot) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            String outcome = row.getString("outcome");
            return switch (outcome) {
                case "ahead" -> throw new SnapshotAheadOfStreamException(snapshot, row.getLong("actual"));
                case "deleted" -> throw new StreamDeletedException(snapshot.stream());
                case "isolation", "read-only" -> throw UnsupportedTransactionException.found(outcome, statement);
                case "saved" -> outcome;
                default ->
                    throw new IllegalStateException("save_snapshot answered '" + outcome + "', which is not known.");
            };
        }
    }
}
