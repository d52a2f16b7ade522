package io.eventsourcing.postgres;

import io.eventsourcing.core.stream.StreamId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The ways in which a stream is loaded from its first event on: together with others that are loaded at the same time, or on its own. */
final class Loads {

    private final StoreConnection connection;
    private final LoadStream loadStream;
    private final LoadGroup loadGroup;
    private final CallQueue<SharedLoad, StreamPage> queue = new CallQueue<>("Loads", this::load);
    private final boolean shares;

    Loads(StoreConnection connection, SchemaName schema, LoadStream loadStream, boolean shares) {
        this.connection = connection;
        this.loadStream = loadStream;
        this.loadGroup = new LoadGroup(connection, schema);
        this.shares = shares;
    }

    StreamPage firstPage(StreamId stream) {
        return shares && !connection.isInTransaction()
                ? queue.write(new SharedLoad(stream)).resultOr(() -> onItsOwn(stream))
                : onItsOwn(stream);
    }

    private StreamPage onItsOwn(StreamId stream) {
        return loadStream.page(stream, 1, Long.MAX_VALUE, StreamPage.FIRST_LIMIT);
    }

    private List<Optional<StreamPage>> load(List<SharedLoad> group) throws SQLException {
        return group.size() == 1 ? List.of(Optional.of(onItsOwn(group.get(0).stream()))) : loadGroup.load(group);
    }
}
