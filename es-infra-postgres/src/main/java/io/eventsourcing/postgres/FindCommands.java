package io.eventsourcing.postgres;

import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.tenant.TenantId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads commands of a tenant. */
final class FindCommands {

    private static final int LIST_PARAMETERS = 10;

    private final StoreConnection connection;
    private final CommandRow rows;
    private final String findSql;
    private final String listSql;

    FindCommands(StoreConnection connection, SchemaName schema, CommandFormat format) {
        this.connection = connection;
        this.rows = new CommandRow(format);
        this.findSql = schema.call("find_command", 2);
        this.listSql = schema.call("list_commands", LIST_PARAMETERS);
    }

    Optional<StoredCommand> find(TenantId tenant, CommandId id) {
        return connection.run(findSql, statement -> {
            new Binder(statement).text(tenant.value()).uuid(id.value());
            return rows.all(statement).stream().findFirst();
        });
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
