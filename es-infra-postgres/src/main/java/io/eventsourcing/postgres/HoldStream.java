package io.eventsourcing.postgres;

import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.stream.StreamId;

/**
 * Takes the lock of a command's stream that every append takes, until the surrounding transaction ends. What is loaded after it, in a later
 * statement, is what the last holder committed, and nobody appends before the transaction does.
 */
final class HoldStream {

    private static final int PARAMETERS = 4;

    private final StoreConnection connection;
    private final String sql;

    HoldStream(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.callScalar("hold_stream", PARAMETERS);
    }

    void hold(NewCommand command) {
        StreamId stream = command.stream();
        connection.run(sql, statement -> {
            new Binder(statement)
                    .text(stream.tenant().value())
                    .uuid(command.id().value())
                    .text(stream.type())
                    .text(stream.id());
            return statement.execute();
        });
    }
}
