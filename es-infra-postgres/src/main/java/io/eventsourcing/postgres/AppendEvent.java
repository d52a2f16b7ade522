package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendBatch;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Appends the usual batch, one event without tags and snapshot, on a shorter path than {@link AppendEvents}; everything that is
 * not plain success is left to that.
 */
final class AppendEvent {

    private static final int PARAMETERS = 10;

    private final StoreConnection connection;
    private final EventSerialization serialization;
    private final String sql;

    AppendEvent(StoreConnection connection, SchemaName schema, EventSerialization serialization) {
        this.connection = connection;
        this.serialization = serialization;
        this.sql = schema.call("append_event", PARAMETERS);
    }

    static boolean fits(AppendBatch batch) {
        AppendRequest first = batch.requests().get(0);
        return batch.requests().size() == 1
                && first.events().size() == 1
                && first.events().get(0).tags().isEmpty()
                && first.snapshotState() == null;
    }

    /** The result, or empty if nothing was written because something about the append is unusual. */
    Optional<AppendResult> append(AppendRequest request) {
        NewEvent event = request.events().get(0);
        SerializedEvent serialized = serialization.write(request.stream(), event);
        return connection.run(
                sql,
                statement -> {
                    bind(statement, request, serialized);
                    return execute(statement, request.stream());
                },
                SqlErrors.ofAppend(List.of(request.stream())));
    }

    private static void bind(PreparedStatement statement, AppendRequest request, SerializedEvent event)
            throws SQLException {
        StreamId stream = request.stream();
        new Binder(statement)
                .text(stream.tenant().value())
                .text(stream.type())
                .text(stream.id())
                .bigint(AppendParameters.toNumber(request.expected()))
                .uuid(request.events().get(0).id().value())
                .text(event.payload().type().name())
                .integer(event.payload().type().schemaVersion())
                .text(event.payload().json())
                .text(event.payload().codec())
                .text(event.metadata());
    }

    private static Optional<AppendResult> execute(PreparedStatement statement, StreamId stream) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            if (!row.getString("outcome").equals("appended")) {
                return Optional.empty();
            }
            return Optional.of(new AppendResult(
                    stream,
                    StreamVersion.of(row.getLong("new_version")),
                    List.of(new GlobalPosition(row.getLong("new_position"))),
                    false));
        }
    }
}
