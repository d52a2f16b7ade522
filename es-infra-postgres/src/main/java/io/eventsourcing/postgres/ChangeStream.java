package io.eventsourcing.postgres;

import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.StreamNotFoundException;
import io.eventsourcing.core.stream.StreamId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Archives a stream, takes it out of the archive, or deletes it. */
final class ChangeStream {

    private static final int PARAMETERS = 4;

    private final StoreConnection connection;
    private final String sql;

    ChangeStream(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.call("change_stream", PARAMETERS);
    }

    void archive(StreamId stream) {
        rejectDeleted(stream, to("archived", stream));
    }

    void unarchive(StreamId stream) {
        rejectDeleted(stream, to("open", stream));
    }

    void delete(StreamId stream) {
        to("deleted", stream);
    }

    private static void rejectDeleted(StreamId stream, String found) {
        if (found.equals("deleted")) {
            throw new StreamDeletedException(stream);
        }
    }

    private String to(String status, StreamId stream) {
        return connection.run(sql, statement -> {
            new Binder(statement)
                    .text(stream.tenant().value())
                    .text(stream.type())
                    .text(stream.id())
                    .text(status);
            return found(statement, stream);
        });
    }

    private static String found(PreparedStatement statement, StreamId stream) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            String found = row.getString(1);
            return switch (found) {
                case "missing" -> throw new StreamNotFoundException(stream);
                case "isolation", "read-only" -> throw UnsupportedTransactionException.found(found, statement);
                case "open", "archived", "deleted" -> found;
                default ->
                    throw new IllegalStateException("change_stream answered '" + found + "', which is not known.");
            };
        }
    }
}
