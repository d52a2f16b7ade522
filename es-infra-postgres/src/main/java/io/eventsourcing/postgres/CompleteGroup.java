package io.eventsourcing.postgres;

import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.Completed;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.serialization.SerializedPayload;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ends commands that have nothing to do with each other in one round trip and one commit: of one tenant, each with events for another stream.
 * Each is ended or left to {@link CompleteCommand}, whatever becomes of the others.
 */
final class CompleteGroup {

    private static final int PARAMETERS = 25;

    private final StoreConnection connection;
    private final CommandFormat format;
    private final String sql;

    CompleteGroup(StoreConnection connection, SchemaName schema, CommandFormat format) {
        this.connection = connection;
        this.format = format;
        this.sql = schema.callScalar("complete_group", PARAMETERS);
    }

    /** The results that count, for each; empty for those that were not ended. */
    List<Optional<Completed>> complete(List<SerializedCompletion> group) throws SQLException {
        AppendParameters appends = new AppendParameters(
                group.stream().map(each -> each.appends().get(0)).toList());
        return connection.runAlone(sql, statement -> {
            Binder binder = new Binder(statement);
            bind(binder, group);
            appends.bindEvents(binder);
            return execute(statement, group);
        });
    }

    private static void bind(Binder binder, List<SerializedCompletion> group) throws SQLException {
        binder.text(group.get(0).tenant().value())
                .uuids(each(group, completion -> completion.command().id().value()))
                .texts(ofCommands(group, command -> command.stream().type()))
                .texts(ofCommands(group, command -> command.stream().id()))
                .texts(ofPayloads(group, payload -> payload.type().name()))
                .ints(ofPayloads(group, payload -> payload.type().schemaVersion()))
                .texts(ofPayloads(group, SerializedPayload::json))
                .texts(ofPayloads(group, SerializedPayload::codec))
                .texts(each(group, SerializedCompletion::metadata))
                .texts(ofCommands(group, command -> command.metadata().correlationId()))
                .bigints(each(group, SerializedCompletion::token))
                .texts(each(group, SerializedCompletion::result));
    }

    private static <T extends @Nullable Object> List<T> ofPayloads(
            List<SerializedCompletion> group, Function<SerializedPayload, T> column) {
        return ofCommands(group, command -> column.apply(command.payload()));
    }

    private static <T extends @Nullable Object> List<T> ofCommands(
            List<SerializedCompletion> group, Function<NewCommand, T> column) {
        return each(group, completion -> column.apply(completion.command()));
    }

    private static <T extends @Nullable Object> List<T> each(
            List<SerializedCompletion> group, Function<SerializedCompletion, T> column) {
        List<T> values = new ArrayList<>(group.size());
        group.forEach(completion -> values.add(column.apply(completion)));
        return values;
    }

    private List<Optional<Completed>> execute(PreparedStatement statement, List<SerializedCompletion> group)
            throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            Array column = row.getArray(1);
            @Nullable String[] results = column == null ? new String[group.size()] : (String[]) column.getArray();
            List<Optional<Completed>> completed = new ArrayList<>(results.length);
            for (int i = 0; i < results.length; i++) {
                SerializedCompletion completion = group.get(i);
                completed.add(Optional.ofNullable(results[i])
                        .map(result -> new Completed(format.result(completion.command().stream(), result), false)));
            }
            return completed;
        }
    }
}
