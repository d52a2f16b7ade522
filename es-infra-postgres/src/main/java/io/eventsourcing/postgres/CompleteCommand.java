package io.eventsourcing.postgres;

import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandLostException;
import io.eventsourcing.core.command.Completed;
import io.eventsourcing.core.command.NewCommand;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/**
 * Ends a command together with its events, in one round trip, in the surrounding transaction if there is one. What makes that exact stands
 * beside the statements, in the migration that creates complete_command.
 */
final class CompleteCommand {

    private static final int PARAMETERS = 31;

    private final StoreConnection connection;
    private final CommandFormat format;
    private final String sql;

    CompleteCommand(StoreConnection connection, SchemaName schema, CommandFormat format) {
        this.connection = connection;
        this.format = format;
        this.sql = schema.call("complete_command", PARAMETERS);
    }

    Completed complete(SerializedCompletion completion) {
        return connection.run(
                sql,
                statement -> {
                    Binder binder = new Binder(statement);
                    bind(binder, completion);
                    AppendParameters parameters = new AppendParameters(completion.appends());
                    parameters.bindEvents(binder);
                    parameters.bindStates(binder);
                    return execute(statement, completion);
                },
                completion.errors());
    }

    private static void bind(Binder binder, SerializedCompletion completion) throws SQLException {
        NewCommand command = completion.command();
        binder.text(command.stream().tenant().value())
                .uuid(command.id().value())
                .text(command.stream().type())
                .text(command.stream().id())
                .text(command.payload().type().name())
                .integer(command.payload().type().schemaVersion())
                .text(command.payload().json())
                .text(command.payload().codec())
                .text(completion.metadata())
                .text(command.metadata().correlationId())
                .bigintOrNull(completion.token())
                .text(completion.result())
                .bool(completion.completion().result().isSuccess());
    }

    private Completed execute(PreparedStatement statement, SerializedCompletion completion) throws SQLException {
        NewCommand command = completion.command();
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            String outcome = row.getString("outcome");
            return switch (outcome) {
                case "ended", "known" ->
                    new Completed(format.result(command.stream(), row.getString("result")), outcome.equals("known"));
                case "lost" ->
                    throw new CommandLostException(
                            Objects.requireNonNull(completion.completion().claim()));
                case "type", "stream", "payload" -> throw new CommandIdReusedException(command, outcome);
                case "isolation", "read-only" -> throw UnsupportedTransactionException.found(outcome, statement);
                default -> throw AppendEvents.refusal(outcome, row, completion.appends());
            };
        }
    }
}
