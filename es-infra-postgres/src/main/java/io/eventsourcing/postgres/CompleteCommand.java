package io.eventsourcing.postgres;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandLostException;
import io.eventsourcing.core.command.Completed;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.serialization.EventSerialization;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * Ends a command together with its events, in one round trip, in the surrounding transaction if there is one. What makes that exact stands
 * beside the statements, in the migration that creates complete_command.
 */
final class CompleteCommand {

    private static final int PARAMETERS = 31;

    private final StoreConnection connection;
    private final EventSerialization events;
    private final CommandFormat format;
    private final String sql;

    CompleteCommand(StoreConnection connection, SchemaName schema, EventSerialization events, CommandFormat format) {
        this.connection = connection;
        this.events = events;
        this.format = format;
        this.sql = schema.call("complete_command", PARAMETERS);
    }

    Completed complete(CommandCompletion completion) {
        AppendRequest request = completion.append();
        List<SerializedAppend> appends = request == null ? List.of() : List.of(SerializedAppend.of(request, events));
        return connection.run(
                sql,
                statement -> {
                    Binder binder = new Binder(statement);
                    bind(binder, completion);
                    AppendParameters parameters = new AppendParameters(appends);
                    parameters.bindEvents(binder);
                    parameters.bindStates(binder);
                    return execute(statement, completion, appends);
                },
                SqlErrors.ofAppend(
                        appends.stream().map(SerializedAppend::stream).toList()));
    }

    private void bind(Binder binder, CommandCompletion completion) throws SQLException {
        NewCommand command = completion.command();
        Claim claim = completion.claim();
        binder.text(command.stream().tenant().value())
                .uuid(command.id().value())
                .text(command.stream().type())
                .text(command.stream().id())
                .text(command.payload().type().name())
                .integer(command.payload().type().schemaVersion())
                .text(command.payload().json())
                .text(command.payload().codec())
                .text(format.metadata(command))
                .text(command.metadata().correlationId())
                .bigintOrNull(claim == null ? null : claim.token())
                .text(format.result(completion.result()))
                .bool(completion.result().isSuccess());
    }

    private Completed execute(PreparedStatement statement, CommandCompletion completion, List<SerializedAppend> appends)
            throws SQLException {
        NewCommand command = completion.command();
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            String outcome = row.getString("outcome");
            return switch (outcome) {
                case "ended", "known" ->
                    new Completed(format.result(command.stream(), row.getString("result")), outcome.equals("known"));
                case "lost" -> throw new CommandLostException(Objects.requireNonNull(completion.claim()));
                case "type", "stream", "payload" -> throw new CommandIdReusedException(command, outcome);
                case "isolation", "read-only" -> throw UnsupportedTransactionException.found(outcome, statement);
                default -> throw AppendEvents.refusal(outcome, row, appends);
            };
        }
    }
}
