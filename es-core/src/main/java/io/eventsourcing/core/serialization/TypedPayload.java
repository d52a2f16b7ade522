package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.VersionedType;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * A payload as raw JSON, and what it is.
 *
 * @param type its name and schema version
 * @param payload the JSON
 */
public record TypedPayload(VersionedType type, JsonNode payload) {

    /** Checks the parts. */
    public TypedPayload {
        Objects.requireNonNull(type, "The type of an upcast payload is null.");
        Objects.requireNonNull(payload, "The JSON of an upcast payload is null.");
    }
}
