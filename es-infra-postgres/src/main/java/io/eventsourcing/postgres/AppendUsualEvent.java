package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.serialization.SerializedEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Appends the usual event in one round trip and a transaction of its own, or leaves it to {@link AppendEvents}. What makes it
 * exact stands in the migration that creates append_usual_event.
 */
final class AppendUsualEvent {

    private static final int PARAMETERS = 10;

    private final StoreConnection connection;
    private final String sql;

    AppendUsualEvent(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.callScalar("append_usual_event", PARAMETERS);
    }

    /** What was written; empty if something is unusual, and then nothing was. */
    Optional<AppendResult> append(SerializedAppend append) throws SQLException {
        return connection.runAlone(sql, statement -> execute(statement, append));
    }

    private static Optional<AppendResult> execute(PreparedStatement statement, SerializedAppend append)
            throws SQLException {
        SerializedEvent event = append.events().get(0);
        new Binder(statement)
                .text(append.tenant().value())
                .text(append.stream().type())
                .text(append.stream().id())
                .bigint(append.expected())
                .uuid(append.id(0).value())
                .text(event.payload().type().name())
                .integer(event.payload().type().schemaVersion())
                .text(event.payload().json())
                .text(event.payload().codec())
                .text(event.metadata());
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            long position = row.getLong(1);
            if (row.wasNull()) {
                return Optional.empty();
            }
            Iterator<GlobalPosition> positions =
                    List.of(new GlobalPosition(position)).iterator();
            return Optional.of(append.result(append.expected() + 1, positions, false));
        }
    }
}
