package io.eventsourcing.core.command;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import java.util.Objects;

/**
 * A command, and who sends it.
 *
 * @param command the command, such as a record
 * @param id its identity; keep it when it is sent again
 * @param tenant for whom it is
 * @param metadata what else is known about it; its events have the same, with the id of the command as their causation id
 */
public record CommandRequest(Object command, CommandId id, TenantId tenant, EventMetadata metadata) {

    /** Checks that everything is there. */
    public CommandRequest {
        Objects.requireNonNull(command, "The command of a request is null. Nothing was done.");
        Objects.requireNonNull(id, "The id of a command is null. Use CommandId.next() for a new one.");
        Objects.requireNonNull(tenant, "The tenant of a command is null.");
        Objects.requireNonNull(metadata, "The metadata of a command is null. Use EventMetadata.NONE.");
    }

    /**
     * A command with a new id, for the current tenant, without metadata.
     *
     * @param command the command
     * @return the request
     */
    public static CommandRequest of(Object command) {
        return new CommandRequest(command, CommandId.next(), TenantContext.current(), EventMetadata.NONE);
    }

    /**
     * Another command, sent in the same way.
     *
     * @param other the command
     * @return the request
     */
    public CommandRequest withCommand(Object other) {
        return new CommandRequest(other, id, tenant, metadata);
    }

    /**
     * The same command with another id.
     *
     * @param other the id
     * @return the request
     */
    public CommandRequest withId(CommandId other) {
        return new CommandRequest(command, other, tenant, metadata);
    }

    /**
     * The same command for another tenant.
     *
     * @param other the tenant
     * @return the request
     */
    public CommandRequest forTenant(TenantId other) {
        return new CommandRequest(command, id, other, metadata);
    }

    /**
     * The same command with other metadata.
     *
     * @param other the metadata
     * @return the request
     */
    public CommandRequest withMetadata(EventMetadata other) {
        return new CommandRequest(command, id, tenant, other);
    }
}
