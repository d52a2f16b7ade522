package io.eventsourcing.core.command;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which commands of a tenant to list, in the order in which they were stored. What is null is not looked at.
 *
 * @param tenant whose commands
 * @param status where they stand
 * @param type the name of their type
 * @param stream the stream that they are meant for
 * @param correlationId the correlation id of their metadata
 * @param storedFrom stored then or later
 * @param storedBefore stored before then
 * @param after the last command of the page before
 * @param limit how many at most; 1 to 1,000
 */
public record CommandQuery(
        TenantId tenant,
        @Nullable CommandStatus status,
        @Nullable String type,
        @Nullable StreamId stream,
        @Nullable String correlationId,
        @Nullable Instant storedFrom,
        @Nullable Instant storedBefore,
        @Nullable CommandId after,
        int limit) {

    /**
     * Checks the limit and the stream.
     *
     * @throws IllegalArgumentException if the limit is out of range, or the stream is another tenant's
     */
    public CommandQuery {
        Objects.requireNonNull(tenant, "The tenant of a query for commands is null.");
        if (limit < 1 || limit > 1_000) {
            throw new IllegalArgumentException(
                    "The limit of a query for commands is " + limit + ". Nothing was read. Give 1 to 1000.");
        }
        if (stream != null && !stream.tenant().equals(tenant)) {
            throw new IllegalArgumentException("The query for commands of tenant '" + tenant + "' asks for the stream "
                    + stream + ", which is another tenant's. Nothing was read. Ask for one tenant.");
        }
    }

    /**
     * All commands of the current tenant, 100 at a time.
     *
     * @return the query
     */
    public static CommandQuery all() {
        return new CommandQuery(TenantContext.current(), null, null, null, null, null, null, null, 100);
    }

    /**
     * The same query for another tenant's commands.
     *
     * @param other the tenant
     * @return the query
     */
    public CommandQuery ofTenant(TenantId other) {
        return new CommandQuery(other, status, type, stream, correlationId, storedFrom, storedBefore, after, limit);
    }

    /**
     * The same query for commands that stand here.
     *
     * @param wanted the status
     * @return the query
     */
    public CommandQuery withStatus(CommandStatus wanted) {
        return new CommandQuery(tenant, wanted, type, stream, correlationId, storedFrom, storedBefore, after, limit);
    }

    /**
     * The same query for commands of a type.
     *
     * @param name the name of the type
     * @return the query
     */
    public CommandQuery ofType(String name) {
        return new CommandQuery(tenant, status, name, stream, correlationId, storedFrom, storedBefore, after, limit);
    }

    /**
     * The same query for commands for a stream.
     *
     * @param wanted the stream
     * @return the query
     */
    public CommandQuery forStream(StreamId wanted) {
        return new CommandQuery(tenant, status, type, wanted, correlationId, storedFrom, storedBefore, after, limit);
    }

    /**
     * The same query for commands of a correlation.
     *
     * @param id the correlation id
     * @return the query
     */
    public CommandQuery ofCorrelation(String id) {
        return new CommandQuery(tenant, status, type, stream, id, storedFrom, storedBefore, after, limit);
    }

    /**
     * The same query for commands that were stored within a time.
     *
     * @param from then or later; null for no limit
     * @param before before then; null for no limit
     * @return the query
     */
    public CommandQuery storedBetween(@Nullable Instant from, @Nullable Instant before) {
        return new CommandQuery(tenant, status, type, stream, correlationId, from, before, after, limit);
    }

    /**
     * The next page of the same query.
     *
     * @param last the last command of the page before
     * @return the query
     */
    public CommandQuery after(CommandId last) {
        return new CommandQuery(tenant, status, type, stream, correlationId, storedFrom, storedBefore, last, limit);
    }

    /**
     * The same query with another limit.
     *
     * @param atMost 1 to 1,000
     * @return the query
     */
    public CommandQuery limit(int atMost) {
        return new CommandQuery(tenant, status, type, stream, correlationId, storedFrom, storedBefore, after, atMost);
    }
}
