package io.eventsourcing.postgres;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Loads the first pages of streams of one tenant in one round trip. A stream that is deleted is left to {@link LoadStream}. */
final class LoadGroup {

    private static final int PARAMETERS = 5;

    /** Of each stream, so that many large ones do not fill the memory: a page that ends here is continued. */
    private static final long MAX_BYTES = 64L * 1024;

    private final StoreConnection connection;
    private final String sql;

    LoadGroup(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.call("load_group", PARAMETERS);
    }

    List<Optional<StreamPage>> load(List<SharedLoad> loads) throws SQLException {
        List<StreamId> streams = loads.stream().map(SharedLoad::stream).toList();
        return connection.runAlone(sql, statement -> {
            new Binder(statement)
                    .text(streams.get(0).tenant().value())
                    .texts(streams.stream().map(StreamId::type).toList())
                    .texts(streams.stream().map(StreamId::id).toList())
                    .integer(StreamPage.FIRST_LIMIT)
                    .bigint(MAX_BYTES);
            return execute(statement, streams);
        });
    }

    private static List<Optional<StreamPage>> execute(PreparedStatement statement, List<StreamId> streams)
            throws SQLException {
        List<Optional<StreamPage>> pages = new ArrayList<>(Collections.nCopies(streams.size(), Optional.empty()));
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                int place = row.getInt("place") - 1;
                StreamId stream = streams.get(place);
                if (pages.get(place).isEmpty() && !row.getBoolean("deleted")) {
                    StreamVersion latest = StreamVersion.of(row.getLong("latest_version"));
                    pages.set(place, Optional.of(new StreamPage(stream, latest, null, new ArrayList<>())));
                }
                if (row.getObject("position") != null) {
                    pages.get(place).orElseThrow().events().add(StoredEventRow.read(row, stream));
                }
            }
        }
        return pages;
    }
}
