package io.eventsourcing.postgres;

import io.eventsourcing.core.stream.StreamId;
import java.util.List;

/**
 * Takes the lock of a stream that every append takes, until the surrounding transaction ends. What is loaded after it, in a later statement,
 * is what the last holder committed, and nobody appends before the transaction does.
 */
final class HoldStream {

    private static final int PARAMETERS = 3;

    private final StoreConnection connection;
    private final String sql;

    HoldStream(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.callScalar("lock_streams", PARAMETERS);
    }

    void hold(StreamId stream) {
        connection.run(sql, statement -> {
            new Binder(statement)
                    .text(stream.tenant().value())
                    .texts(List.of(stream.type()))
                    .texts(List.of(stream.id()));
            return statement.execute();
        });
    }
}
