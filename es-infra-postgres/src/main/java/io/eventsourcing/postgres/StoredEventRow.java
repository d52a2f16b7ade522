package io.eventsourcing.postgres;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/** Reads the columns of events from a row. */
final class StoredEventRow {

    private StoredEventRow() {}

    static StoredEvent read(ResultSet row, StreamId stream) throws SQLException {
        SerializedPayload payload = new SerializedPayload(
                new VersionedType(row.getString("type"), row.getInt("schema_version")),
                row.getString("payload"),
                row.getString("codec"));
        return new StoredEvent(
                stream,
                StreamVersion.of(row.getLong("version")),
                new GlobalPosition(row.getLong("position")),
                new EventId(row.getObject("event_id", UUID.class)),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                new SerializedEvent(payload, row.getString("metadata"), tags(row)));
    }

    /** The column of positions, which is null if nothing was written. */
    static Iterator<GlobalPosition> positions(ResultSet row) throws SQLException {
        Array column = row.getArray("positions");
        return column == null
                ? Collections.emptyIterator()
                : Arrays.stream((Long[]) column.getArray())
                        .map(GlobalPosition::new)
                        .iterator();
    }

    private static List<String> tags(ResultSet row) throws SQLException {
        return List.of((String[]) row.getArray("tags").getArray());
    }
}
