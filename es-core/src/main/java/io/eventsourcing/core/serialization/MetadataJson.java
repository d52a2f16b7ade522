package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.EventMetadata;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Metadata as a JSON object without empty members, and back; no user's customizer touches it. */
final class MetadataJson {

    private static final JsonMapper MAPPER = JsonMappers.forMetadata();

    private final int maxBytes;

    MetadataJson(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    String write(PayloadContext context, EventMetadata metadata) {
        if (metadata.equals(EventMetadata.NONE)) {
            return "{}";
        }
        byte[] json = MAPPER.writeValueAsBytes(metadata);
        if (json.length > maxBytes) {
            throw new PayloadTooLargeException("metadata", context, json.length, maxBytes);
        }
        return new String(json, StandardCharsets.UTF_8);
    }

    EventMetadata read(String json) {
        if (json.equals("{}")) {
            return EventMetadata.NONE;
        }
        try {
            return MAPPER.readValue(json, EventMetadata.class);
        } catch (JacksonException e) {
            throw new UnreadablePayload("its metadata cannot be read: " + JacksonProblem.describe(e), null);
        }
    }

    String writeRecord(Record value) {
        return MAPPER.writeValueAsString(value);
    }

    <T extends Record> T readRecord(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JacksonException e) {
            throw new UnreadablePayload("its JSON does not fit: " + JacksonProblem.describe(e), null);
        }
    }
}
