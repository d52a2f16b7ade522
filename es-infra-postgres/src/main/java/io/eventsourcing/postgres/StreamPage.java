package io.eventsourcing.postgres;

import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.serialization.StoredSnapshot;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some events of a stream, in the order they were asked for, and what the stream was like when they were read.
 *
 * @param stream the stream
 * @param latest the version the stream was at
 * @param snapshot the snapshot that was asked for, if there is one
 * @param events the events
 */
record StreamPage(
        StreamId stream, StreamVersion latest, @Nullable StoredSnapshot snapshot, List<StoredEvent> events) {

    /** Bounds a page in memory, together with one event that may exceed it: bytes of payload and metadata. */
    static final long MAX_BYTES = 2L * 1024 * 1024;

    /** The first page of a load: most streams end within it. */
    static final int FIRST_LIMIT = 100;

    static final int MAX_LIMIT = 1_000;

    /**
     * How many events to ask for next: more if this page was full, fewer if its events were so large that it was cut short,
     * because the server reads all it is asked for.
     */
    static int nextLimit(int asked, int received) {
        return received < asked ? Math.max(1, 2 * received) : Math.min(MAX_LIMIT, 4 * asked);
    }

    @FunctionalInterface
    interface SnapshotColumns {
        @Nullable
        StoredSnapshot read(ResultSet row) throws SQLException;
    }

    static StreamPage read(ResultSet row, StreamId stream, SnapshotColumns snapshotColumns) throws SQLException {
        row.next();
        if (row.getBoolean("deleted")) {
            throw new StreamDeletedException(stream);
        }
        StreamVersion latest = StreamVersion.of(row.getLong("latest_version"));
        StoredSnapshot snapshot = snapshotColumns.read(row);
        List<StoredEvent> events = new ArrayList<>();
        if (row.getObject("position") != null) {
            do {
                events.add(StoredEventRow.read(row, stream));
            } while (row.next());
        }
        return new StreamPage(stream, latest, snapshot, events);
    }
}
