package io.eventsourcing.core.tenant;

import io.eventsourcing.core.IdentifierRules;

/**
 * Who owns a stream. A tenant is part of a stream's identity: two tenants' streams of one type and id are two streams.
 *
 * @param value 1 to 64 characters, without ':'; see {@link IdentifierRules} for what is refused
 */
public record TenantId(String value) {

    /** The longest tenant id, in UTF-16 code units. */
    public static final int MAX_LENGTH = 64;

    /** The tenant of an application that never mentions tenants: {@code default}. */
    public static final TenantId DEFAULT = new TenantId("default");

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if the text may not be a tenant id
     */
    public TenantId {
        IdentifierRules.check("tenant id", value, MAX_LENGTH, ':');
    }

    /**
     * The tenant with this id.
     *
     * @param value the tenant id
     * @return the tenant
     * @throws IllegalArgumentException if the text may not be a tenant id
     */
    public static TenantId of(String value) {
        return new TenantId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
