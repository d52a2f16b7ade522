package io.eventsourcing.core.saga;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;

/**
 * The identity of a process.
 *
 * @param tenant whose it is
 * @param saga the name of its definition
 * @param instance its id within the tenant and the saga
 */
public record SagaId(TenantId tenant, String saga, String instance) {

    /**
     * Checks the parts: they have the rules of a stream's type and id.
     *
     * @throws IllegalArgumentException if one of them cannot be an identifier
     */
    public SagaId {
        new StreamId(tenant, saga, instance);
    }

    /** For codecs and error texts, which know whose a payload is by its stream. */
    StreamId asStream() {
        return new StreamId(tenant, saga, instance);
    }

    /** The process as error texts name it. */
    @Override
    public String toString() {
        return "'" + instance + "' of saga '" + saga + "' of tenant '" + tenant + "'";
    }
}
