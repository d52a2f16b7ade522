package io.eventsourcing.postgres;

import io.eventsourcing.core.stream.StreamId;
import java.sql.ResultSet;

/** Loads a page of a stream, newest event first. */
final class LoadStreamBackward {

    private static final int PARAMETERS = 6;

    private final StoreConnection connection;
    private final String sql;

    LoadStreamBackward(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.call("load_stream_backward", PARAMETERS);
    }

    /** The events from {@code from}, included, downwards. */
    StreamPage page(StreamId stream, long from, int limit) {
        return connection.run(sql, statement -> {
            new Binder(statement)
                    .text(stream.tenant().value())
                    .text(stream.type())
                    .text(stream.id())
                    .bigint(from)
                    .integer(limit)
                    .bigint(StreamPage.MAX_BYTES);
            try (ResultSet row = statement.executeQuery()) {
                return StreamPage.read(row, stream, none -> null);
            }
        });
    }
}
