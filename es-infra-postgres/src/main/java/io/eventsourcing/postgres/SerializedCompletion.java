package io.eventsourcing.postgres;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.Completed;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.tenant.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a command as it will be stored: serialized by the thread that ends it, before a connection is taken.
 *
 * @param completion what was asked for
 * @param appends its events, if it has some; one request at most
 * @param metadata of the command
 * @param result as far as it is known
 */
record SerializedCompletion(
        CommandCompletion completion, List<SerializedAppend> appends, String metadata, String result)
        implements Groupable<Completed> {

    /** In characters. */
    private static final int LONGEST_IN_A_GROUP = 64 * 1024;

    static SerializedCompletion of(CommandCompletion completion, EventSerialization events, CommandFormat format) {
        AppendRequest request = completion.append();
        return new SerializedCompletion(
                completion,
                request == null ? List.of() : List.of(SerializedAppend.of(request, events)),
                format.metadata(completion.command()),
                format.result(completion.result()));
    }

    NewCommand command() {
        return completion.command();
    }

    @Nullable
    Long token() {
        Claim claim = completion.claim();
        return claim == null ? null : claim.token();
    }

    /** Whether it may share a commit with others: it has events, and not many. */
    boolean isSmall() {
        return !appends.isEmpty()
                && appends.get(0).isSmall()
                && command().payload().json().length() + metadata.length() + result.length() <= LONGEST_IN_A_GROUP;
    }

    @Override
    public TenantId tenant() {
        return command().stream().tenant();
    }

    @Override
    public Object key() {
        return appends.get(0).stream();
    }

    @Override
    public SqlErrors errors() {
        return SqlErrors.ofAppend(appends.stream().map(SerializedAppend::stream).toList());
    }

    /** The one that was known may be another one's: it stays known. */
    @Override
    public Completed ofRepeated(Completed repeated) {
        return repeated;
    }
}
