package io.eventsourcing.core.command;

import io.eventsourcing.core.command.CommandResult.Failure;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.PayloadSerialization;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Results as JSON objects, and back; no user's customizer touches them. The members are stored for ever. */
final class ResultJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final PayloadSerialization payloads;

    ResultJson(PayloadSerialization payloads) {
        this.payloads = payloads;
    }

    String write(CommandResult result) {
        ObjectNode json = MAPPER.createObjectNode();
        if (result instanceof Success success) {
            writeSuccess(json, success);
        } else if (result instanceof Rejection rejection) {
            json.put("code", rejection.code()).put("message", rejection.message());
            if (rejection.isRetryable()) {
                json.put("retryable", true);
            }
            ObjectNode details = json.putObject("details");
            new TreeMap<>(rejection.details()).forEach(details::put);
        } else if (result instanceof Failure failure) {
            json.put("failure", failure.kind().name()).put("message", failure.message());
        }
        return MAPPER.writeValueAsString(json);
    }

    private static void writeSuccess(ObjectNode json, Success success) {
        if (success.version() != null) {
            json.put("version", success.version().value());
        }
        if (!success.positions().isEmpty()) {
            var positions = json.putArray("positions");
            success.positions().forEach(position -> positions.add(position.value()));
        }
        if (success.value() != null) {
            SerializedPayload value = success.value().stored();
            json.put("value", value.json());
            json.put("valueType", value.type().name());
            json.put("valueVersion", value.type().schemaVersion());
            if (value.codec() != null) {
                json.put("codec", value.codec());
            }
        }
    }

    CommandResult read(StreamId stream, String text) {
        JsonNode json = MAPPER.readTree(text);
        if (json.has("code")) {
            Map<String, String> details = new TreeMap<>();
            json.path("details")
                    .properties()
                    .forEach(each -> details.put(each.getKey(), each.getValue().asString()));
            return new Rejection(
                    json.get("code").asString(),
                    json.get("message").asString(),
                    details,
                    json.path("retryable").asBoolean(false));
        }
        if (json.has("failure")) {
            return new Failure(
                    FailureKind.valueOf(json.get("failure").asString()),
                    json.get("message").asString());
        }
        List<GlobalPosition> positions = new ArrayList<>();
        json.path("positions").forEach(position -> positions.add(new GlobalPosition(position.asLong())));
        return new Success(
                json.has("version") ? StreamVersion.of(json.get("version").asLong()) : null,
                positions,
                value(stream, json));
    }

    private @Nullable ResultValue value(StreamId stream, JsonNode json) {
        if (!json.has("value")) {
            return null;
        }
        SerializedPayload stored = new SerializedPayload(
                new VersionedType(
                        json.get("valueType").asString(),
                        json.get("valueVersion").asInt()),
                json.get("value").asString(),
                json.has("codec") ? json.get("codec").asString() : null);
        return new ResultValue(stream, stored, payloads);
    }
}
