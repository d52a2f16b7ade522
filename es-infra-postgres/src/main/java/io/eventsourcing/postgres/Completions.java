package io.eventsourcing.postgres;

import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.command.Completed;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.serialization.EventSerialization;
import java.util.List;

/** The ways in which a command is ended: together with others that are ended at the same time, or on its own. */
final class Completions {

    private final EventSerialization events;
    private final CommandFormat format;
    private final StoreConnection connection;
    private final CompleteCommand completeCommand;
    private final CallQueue<SerializedCompletion, Completed> queue;
    private final boolean sharesCommits;
    private final InlineHandlers inline;

    Completions(
            StoreConnection connection,
            SchemaName schema,
            EventSerialization events,
            CommandFormat format,
            boolean sharesCommits,
            InlineHandlers inline) {
        this.inline = inline;
        this.events = events;
        this.format = format;
        this.connection = connection;
        this.completeCommand = new CompleteCommand(connection, schema, format);
        this.queue = new CallQueue<>("Ends of commands", new CompleteGroup(connection, schema, format)::complete);
        this.sharesCommits = sharesCommits;
    }

    Completed complete(CommandCompletion completion) {
        SerializedCompletion serialized = SerializedCompletion.of(completion, events, format);
        if (inline.areConcernedBy(serialized.appends())) {
            return inline.with(
                    serialized.tenant(),
                    serialized.errors(),
                    () -> completeCommand.complete(serialized),
                    completed -> appended(serialized, completed));
        }
        return sharesCommits && serialized.isSmall() && !connection.isInTransaction()
                ? queue.write(serialized).resultOr(() -> completeCommand.complete(serialized))
                : completeCommand.complete(serialized);
    }

    private static List<AppendResult> appended(SerializedCompletion completion, Completed completed) {
        return !completed.wasKnown() && completed.result() instanceof Success success && success.version() != null
                ? List.of(new AppendResult(
                        completion.appends().get(0).stream(), success.version(), success.positions(), false))
                : List.of();
    }
}
