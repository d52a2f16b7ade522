package io.eventsourcing.core.serialization;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Values as JSON, with the mapper of an {@link EventSerialization}, without its codecs and limits. Immutable and thread-safe. */
public final class JsonValues {

    private final JsonMapper mapper;

    JsonValues(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Writes a value.
     *
     * @param value the value
     * @param type what it is
     * @return its JSON
     * @throws IllegalArgumentException if it cannot be written, or no store can keep it; the text says why, without the value
     */
    public String write(Object value, Type type) {
        byte[] json;
        try {
            json = mapper.writerFor(mapper.constructType(type)).writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it cannot be written as JSON: " + JacksonProblem.describe(e));
        }
        String problem = StorableJson.problemIn(json);
        if (problem != null) {
            throw new IllegalArgumentException("it has " + problem);
        }
        return new String(json, StandardCharsets.UTF_8);
    }

    /**
     * Reads a value.
     *
     * @param json its JSON
     * @param type what it is
     * @return the value
     * @throws IllegalArgumentException if the JSON does not fit the type; the text says why, without the value
     */
    public Object read(String json, Type type) {
        try {
            return mapper.readValue(json, mapper.constructType(type));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("its JSON does not fit: " + JacksonProblem.describe(e));
        }
    }
}
