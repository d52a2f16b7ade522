package io.eventsourcing.postgres;

import io.eventsourcing.core.stream.StreamId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Deletes every snapshot of a stream. */
final class DeleteSnapshots {

    private static final int PARAMETERS = 3;

    private final StoreConnection connection;
    private final String sql;

    DeleteSnapshots(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.call("delete_snapshots", PARAMETERS);
    }

    void of(StreamId stream) {
        connection.run(sql, statement -> {
            new Binder(statement)
                    .text(stream.tenant().value())
                    .text(stream.type())
                    .text(stream.id());
            return outcome(statement);
        });
    }

    private static String outcome(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            String outcome = row.getString(1);
            return switch (outcome) {
                case "deleted" -> outcome;
                case "isolation", "read-only" -> throw UnsupportedTransactionException.found(outcome, statement);
                default ->
                    throw new IllegalStateException("delete_snapshots answered '" + outcome + "', which is not known.");
            };
        }
    }
}
