package io.eventsourcing.postgres;

import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandProgress;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads commands from rows of the table. */
final class CommandRow {

    private final CommandFormat format;

    CommandRow(CommandFormat format) {
        this.format = format;
    }

    List<StoredCommand> all(PreparedStatement statement) throws SQLException {
        List<StoredCommand> commands = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                commands.add(read(row));
            }
        }
        return List.copyOf(commands);
    }

    StoredCommand read(ResultSet row) throws SQLException {
        StreamId stream = new StreamId(
                TenantId.of(row.getString("tenant")), row.getString("stream_type"), row.getString("stream_id"));
        SerializedPayload payload = new SerializedPayload(
                new VersionedType(row.getString("type"), row.getInt("schema_version")),
                row.getString("payload"),
                row.getString("codec"));
        String result = row.getString("result");
        CommandProgress progress = new CommandProgress(
                CommandStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getInt("attempts"),
                row.getObject("stored_at", OffsetDateTime.class).toInstant(),
                instant(row, "finished_at"),
                result == null ? null : format.result(stream, result),
                row.getString("last_error"));
        return new StoredCommand(
                new CommandId(row.getObject("id", UUID.class)),
                stream,
                payload,
                format.metadata(row.getString("metadata")),
                row.getObject("due_at", OffsetDateTime.class).toInstant(),
                progress);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
