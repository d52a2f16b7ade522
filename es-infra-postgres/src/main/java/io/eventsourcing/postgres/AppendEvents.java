package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.DuplicateEventIdException;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Appends requests of one tenant in one round trip, all of them or none, in the surrounding transaction if there is one. What
 * makes it exact under concurrency stands beside the statements, in the migration that creates append_events.
 */
final class AppendEvents {

    private static final int PARAMETERS = 18;

    private final StoreConnection connection;
    private final String sql;

    AppendEvents(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.call("append_events", PARAMETERS);
    }

    List<AppendResult> append(List<SerializedAppend> appends) {
        AppendParameters parameters = new AppendParameters(appends);
        return connection.run(
                sql,
                statement -> {
                    Binder binder = new Binder(statement);
                    parameters.bindEvents(binder);
                    parameters.bindStates(binder);
                    return execute(statement, appends);
                },
                SqlErrors.ofAppend(
                        appends.stream().map(SerializedAppend::stream).toList()));
    }

    private static List<AppendResult> execute(PreparedStatement statement, List<SerializedAppend> appends)
            throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            String outcome = row.getString("outcome");
            return switch (outcome) {
                case "appended" -> results(row, appends);
                case "isolation", "read-only" -> throw UnsupportedTransactionException.found(outcome, statement);
                default -> throw refusal(outcome, row, appends);
            };
        }
    }

    static EventStoreException refusal(String outcome, ResultSet row, List<SerializedAppend> appends)
            throws SQLException {
        AppendRequest refused = appends.get(row.getInt("refused") - 1).request();
        return switch (outcome) {
            case "conflict" ->
                new VersionConflictException(
                        refused.stream(), refused.expected(), StreamVersion.of(row.getLong("actual")));
            case "archived" -> new StreamArchivedException(refused.stream());
            case "deleted" -> new StreamDeletedException(refused.stream());
            case "duplicate" -> duplicate(refused.stream(), row);
            default -> throw new IllegalStateException("append_events answered '" + outcome + "', which is not known.");
        };
    }

    private static DuplicateEventIdException duplicate(StreamId stream, ResultSet row) throws SQLException {
        StreamId found =
                new StreamId(stream.tenant(), row.getString("found_stream_type"), row.getString("found_stream_id"));
        return new DuplicateEventIdException(
                stream,
                row.getString("found_event") + " is recorded at version " + row.getLong("found_version") + " of stream "
                        + found);
    }

    private static List<AppendResult> results(ResultSet row, List<SerializedAppend> appends) throws SQLException {
        Long[] versions = (Long[]) row.getArray("versions").getArray();
        Iterator<GlobalPosition> positions = StoredEventRow.positions(row);
        Boolean[] recorded = (Boolean[]) row.getArray("recorded").getArray();
        List<AppendResult> results = new ArrayList<>(versions.length);
        for (int i = 0; i < versions.length; i++) {
            results.add(appends.get(i).result(versions[i], positions, recorded[i]));
        }
        return results;
    }
}
