package io.eventsourcing.core.stream;

import io.eventsourcing.core.IdentifierRules;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import java.util.Objects;

/**
 * The identity of a stream: its tenant, its type (the kind of aggregate) and its id within both.
 *
 * <p>Compared exactly, code point by code point. {@link IdentifierRules} tells what is refused.
 *
 * @param tenant who owns the stream
 * @param type the kind of aggregate, such as {@code order}; 1 to 128 characters, without ':'
 * @param id the aggregate's id; 1 to 255 characters
 */
public record StreamId(TenantId tenant, String type, String id) {

    /** The longest stream type, in UTF-16 code units. */
    public static final int MAX_TYPE_LENGTH = 128;

    /** The longest id, in UTF-16 code units. */
    public static final int MAX_ID_LENGTH = 255;

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if a part is missing or may not be an identifier
     */
    public StreamId {
        Objects.requireNonNull(
                tenant, "The tenant of a stream id is null. Use StreamId.of(type, id) for the current tenant.");
        IdentifierRules.check("stream type", type, MAX_TYPE_LENGTH, ':');
        IdentifierRules.check("stream id", id, MAX_ID_LENGTH);
    }

    /**
     * The stream of this type and id that belongs to the current tenant: the one of {@link TenantContext}, else
     * {@link TenantId#DEFAULT}.
     *
     * @param type the kind of aggregate
     * @param id the aggregate's id
     * @return the stream's identity
     */
    public static StreamId of(String type, String id) {
        return new StreamId(TenantContext.current(), type, id);
    }

    /**
     * The stream of the same type and id that belongs to another tenant.
     *
     * @param other the tenant
     * @return the other tenant's stream
     */
    public StreamId inTenant(TenantId other) {
        return new StreamId(other, type, id);
    }

    /** The stream as error texts name it: {@code 'order-42'}, and its tenant where it is not the default one. */
    @Override
    public String toString() {
        String name = "'" + type + "-" + id + "'";
        return tenant.equals(TenantId.DEFAULT) ? name : name + " of tenant '" + tenant + "'";
    }
}
