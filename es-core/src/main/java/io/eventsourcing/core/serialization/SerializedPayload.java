package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.VersionedType;
import org.jspecify.annotations.Nullable;

/**
 * A payload as it is stored.
 *
 * @param type its name and schema version
 * @param json JSON text; where a codec encoded the payload, a JSON string of its bytes in Base64
 * @param codec the name of the codec that encoded it; null for none
 */
public record SerializedPayload(
        VersionedType type, String json, @Nullable String codec) {}
