package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendBatch;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.DuplicateEventIdException;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Appends in one round trip. What makes it exact under concurrency stands beside the statements, in the migration that
 * creates append_events and, for the usual append, append_event.
 */
final class AppendEvents {

    private static final int PARAMETERS = 18;
    private static final int PARAMETERS_OF_ONE = 10;

    private final StoreConnection connection;
    private final EventSerialization serialization;
    private final String sql;
    private final String sqlOfOne;

    AppendEvents(StoreConnection connection, SchemaName schema, EventSerialization serialization) {
        this.connection = connection;
        this.serialization = serialization;
        this.sql = schema.call("append_events", PARAMETERS);
        this.sqlOfOne = schema.call("append_event", PARAMETERS_OF_ONE);
    }

    List<AppendResult> append(AppendBatch batch) {
        AppendParameters parameters = new AppendParameters(batch, serialization);
        SqlErrors errors = SqlErrors.ofAppend(
                batch.requests().stream().map(AppendRequest::stream).toList());
        boolean one = parameters.fitAppendEvent();
        return connection.run(
                one ? sqlOfOne : sql,
                statement -> {
                    if (one) {
                        parameters.bindOne(statement);
                    } else {
                        parameters.bindAll(statement);
                    }
                    return execute(statement, batch);
                },
                errors);
    }

    private static List<AppendResult> execute(PreparedStatement statement, AppendBatch batch) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            String outcome = row.getString("outcome");
            return switch (outcome) {
                case "appended" -> results(row, batch);
                case "isolation", "read-only" -> throw UnsupportedTransactionException.found(outcome, statement);
                default -> throw refusal(outcome, row, batch);
            };
        }
    }

    private static EventStoreException refusal(String outcome, ResultSet row, AppendBatch batch) throws SQLException {
        AppendRequest refused = batch.requests().get(row.getInt("refused") - 1);
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

    private static List<AppendResult> results(ResultSet row, AppendBatch batch) throws SQLException {
        Long[] versions = (Long[]) row.getArray("versions").getArray();
        Long[] positions = (Long[]) row.getArray("positions").getArray();
        Boolean[] recorded = (Boolean[]) row.getArray("recorded").getArray();
        List<AppendResult> results = new ArrayList<>(versions.length);
        int next = 0;
        for (AppendRequest request : batch.requests()) {
            int i = results.size();
            int end = next + request.events().size();
            List<GlobalPosition> ofRequest =
                    Arrays.stream(positions, next, end).map(GlobalPosition::new).toList();
            results.add(new AppendResult(request.stream(), StreamVersion.of(versions[i]), ofRequest, recorded[i]));
            next = end;
        }
        return results;
    }
}
