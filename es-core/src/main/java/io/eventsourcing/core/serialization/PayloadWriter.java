package io.eventsourcing.core.serialization;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Writes a payload as JSON that every store can keep, encoded where a codec applies. */
final class PayloadWriter {

    private final JsonMapper mapper;
    private final PayloadCodecs codecs;
    private final int maxBytes;

    PayloadWriter(JsonMapper mapper, PayloadCodecs codecs, int maxBytes) {
        this.mapper = mapper;
        this.codecs = codecs;
        this.maxBytes = maxBytes;
    }

    SerializedPayload write(PayloadContext context, Object payload) {
        byte[] plain = toJson(context, payload);
        PayloadCodec codec = codecs.forWriting(context);
        if (codec == null) {
            return new SerializedPayload(context.type(), text(context, plain), null);
        }
        String encoded = '"' + Base64.getEncoder().encodeToString(encode(codec, context, plain)) + '"';
        return new SerializedPayload(
                context.type(), text(context, encoded.getBytes(StandardCharsets.US_ASCII)), codec.name());
    }

    private byte[] toJson(PayloadContext context, Object payload) {
        byte[] json;
        try {
            json = mapper.writeValueAsBytes(payload);
        } catch (JacksonException e) {
            throw new PayloadNotWritableException(context, payload.getClass(), JacksonProblem.describe(e));
        }
        String problem = StorableJson.problemIn(json);
        if (problem != null) {
            throw new PayloadNotWritableException(context, payload.getClass(), "it has " + problem);
        }
        return json;
    }

    private static byte[] encode(PayloadCodec codec, PayloadContext context, byte[] plain) {
        try {
            return codec.encode(context, plain);
        } catch (RuntimeException e) {
            throw new PayloadNotWritableException(context, codec, e);
        }
    }

    private String text(PayloadContext context, byte[] json) {
        if (json.length > maxBytes) {
            throw new PayloadTooLargeException("payload", context, json.length, maxBytes);
        }
        return new String(json, StandardCharsets.UTF_8);
    }
}
