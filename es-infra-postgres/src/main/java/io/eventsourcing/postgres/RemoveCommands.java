package io.eventsourcing.postgres;

import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Failure;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.FailureKind;
import io.eventsourcing.core.command.IllegalCommandStepException;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Cancels commands, and removes them. */
final class RemoveCommands {

    private final StoreConnection connection;
    private final StoreConnection acrossTenants;
    private final CommandFormat format;
    private final String cancelSql;
    private final String deleteSql;
    private final String purgeSql;

    RemoveCommands(StoreConnection connection, StoreConnection acrossTenants, SchemaName schema, CommandFormat format) {
        this.connection = connection;
        this.acrossTenants = acrossTenants;
        this.format = format;
        this.cancelSql = schema.call("cancel_command", 3);
        this.deleteSql = schema.callScalar("delete_command", 2);
        this.purgeSql = schema.callScalar("purge_commands", 2);
    }

    /** Where a command stood, and its result if it was over. */
    private record Found(@Nullable String status, @Nullable String result) {}

    boolean cancel(TenantId tenant, CommandId id, String reason) {
        Failure cancelled = new Failure(FailureKind.CANCELLED, reason);
        Found found = connection.run(cancelSql, statement -> {
            new Binder(statement).text(tenant.value()).uuid(id.value()).text(format.result(cancelled));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Found(row.getString("status"), row.getString("result"));
            }
        });
        if (found.status() == null || found.status().equals("pending")) {
            return found.status() != null;
        }
        if (found.result() != null && isCancelled(tenant, found.result())) {
            return true;
        }
        throw new IllegalCommandStepException(id, status(found.status()), "cancelled");
    }

    private boolean isCancelled(TenantId tenant, String result) {
        CommandResult known = format.result(new StreamId(tenant, "command", "any"), result);
        return known instanceof Failure failure && failure.kind() == FailureKind.CANCELLED;
    }

    boolean delete(TenantId tenant, CommandId id) {
        Found found = connection.run(deleteSql, statement -> {
            new Binder(statement).text(tenant.value()).uuid(id.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Found(row.getString(1), null);
            }
        });
        if ("consumed".equals(found.status())) {
            throw new IllegalCommandStepException(id, CommandStatus.CONSUMED, "deleted");
        }
        return found.status() != null;
    }

    int purge(Duration endedBefore, int atMost) {
        if (atMost < 1) {
            throw new IllegalArgumentException(
                    "At most " + atMost + " commands are to be purged. Nothing was. Give 1 or more.");
        }
        return acrossTenants.run(purgeSql, statement -> {
            new Binder(statement).bigint(endedBefore.toMillis()).integer(atMost);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    private static CommandStatus status(String stored) {
        return CommandStatus.valueOf(stored.toUpperCase(Locale.ROOT));
    }
}
