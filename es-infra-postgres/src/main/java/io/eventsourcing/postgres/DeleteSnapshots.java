package io.eventsourcing.postgres;

import io.eventsourcing.core.stream.StreamId;

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
            return statement.execute();
        });
    }
}
