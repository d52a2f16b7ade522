package io.eventsourcing.core.serialization;

import io.eventsourcing.core.stream.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads stored payloads: decodes, upcasts and binds them to classes. Every failure is an {@link UnreadablePayload}. */
final class PayloadReader {

    private final JsonMapper mapper;
    private final PayloadCodecs codecs;

    PayloadReader(JsonMapper mapper, PayloadCodecs codecs) {
        this.mapper = mapper;
        this.codecs = codecs;
    }

    /** Binds a payload that is of its current type. */
    <T> T bind(StreamId stream, SerializedPayload stored, Class<T> target) {
        String json = decode(stream, stored);
        return readable(() -> mapper.readValue(json, target));
    }

    /** Binds a payload that an upcaster made. */
    <T> T bind(JsonNode payload, Class<T> target) {
        return readable(() -> mapper.treeToValue(payload, target));
    }

    /** The payloads that upcasters make of a stored one; their types may still be unknown. */
    List<TypedPayload> upcast(StreamId stream, SerializedPayload stored, UpcasterChain upcasters) {
        String json = decode(stream, stored);
        JsonNode tree = readable(() -> mapper.readTree(json));
        try {
            return upcasters.apply(new TypedPayload(stored.type(), tree));
        } catch (UpcasterConfigurationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnreadablePayload(
                    "an upcaster failed with " + e.getClass().getName(), new WithoutMessage(e));
        }
    }

    private static <T> T readable(Supplier<T> read) {
        try {
            return read.get();
        } catch (JacksonException e) {
            throw new UnreadablePayload("its JSON does not fit its class: " + JacksonProblem.describe(e), null);
        }
    }

    private String decode(StreamId stream, SerializedPayload stored) {
        String name = stored.codec();
        if (name == null) {
            return stored.json();
        }
        PayloadCodec codec = codecs.named(name);
        if (codec == null) {
            throw new UnreadablePayload(
                    "it was encoded by the payload codec '" + name + "', but only " + codecs.names()
                            + " are registered",
                    null);
        }
        try {
            byte[] encoded = Base64.getDecoder()
                    .decode(stored.json().substring(1, stored.json().length() - 1));
            byte[] plain = codec.decode(new PayloadContext(stream, stored.type()), encoded);
            return new String(plain, StandardCharsets.UTF_8);
        } catch (RuntimeException e) {
            throw new UnreadablePayload(
                    "the payload codec '" + name + "' failed with "
                            + e.getClass().getName(),
                    new WithoutMessage(e));
        }
    }
}
