package io.eventsourcing.postgres;

import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.sql.ResultSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads commands of a tenant. */
final class FindCommands {

    private static final int LIST_PARAMETERS = 10;
    private static final int KNOWN_PARAMETERS = 8;

    private final StoreConnection connection;
    private final CommandFormat format;
    private final CommandRow rows;
    private final String findSql;
    private final String knownSql;
    private final String listSql;

    FindCommands(StoreConnection connection, SchemaName schema, CommandFormat format) {
        this.connection = connection;
        this.format = format;
        this.rows = new CommandRow(format);
        this.knownSql = schema.call("known_result", KNOWN_PARAMETERS);
        this.findSql = schema.call("find_command", 2);
        this.listSql = schema.call("list_commands", LIST_PARAMETERS);
    }

    Optional<StoredCommand> find(TenantId tenant, CommandId id) {
        return connection.run(findSql, statement -> {
            new Binder(statement).text(tenant.value()).uuid(id.value());
            return rows.all(statement).stream().findFirst();
        });
    }

    /** In what a command differs from the one of its id, and what became of that. */
    private record Known(
            @Nullable String difference, @Nullable String result) {}

    Optional<CommandResult> knownResult(NewCommand command) {
        StreamId stream = command.stream();
        SerializedPayload payload = command.payload();
        Known known = connection.run(knownSql, statement -> {
            new Binder(statement)
                    .text(stream.tenant().value())
                    .uuid(command.id().value())
                    .text(stream.type())
                    .text(stream.id())
                    .text(payload.type().name())
                    .integer(payload.type().schemaVersion())
                    .text(payload.json())
                    .text(payload.codec());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Known(row.getString("difference"), row.getString("result"));
            }
        });
        if (known.difference() != null) {
            throw new CommandIdReusedException(command, known.difference());
        }
        return Optional.ofNullable(known.result()).map(json -> format.result(stream, json));
    }

    List<StoredCommand> list(CommandQuery query) {
        return connection.run(listSql, statement -> {
            new Binder(statement)
                    .text(query.tenant().value())
                    .text(query.status() == null ? null : query.status().name().toLowerCase(Locale.ROOT))
                    .text(query.type())
                    .text(query.stream() == null ? null : query.stream().type())
                    .text(query.stream() == null ? null : query.stream().id())
                    .text(query.correlationId())
                    .instant(query.storedFrom())
                    .instant(query.storedBefore())
                    .uuid(query.after() == null ? null : query.after().value())
                    .integer(query.limit());
            return rows.all(statement);
        });
    }
}
