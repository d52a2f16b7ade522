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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Results as JSON objects, and back. */
final class ResultJson {

    private final PayloadSerialization payloads;

    ResultJson(PayloadSerialization payloads) {
        this.payloads = payloads;
    }

    /** The members, which are stored for ever: those of a success, of a rejection with a code, or of a failure. */
    private record Members(
            @Nullable Long version,
            @Nullable List<Long> positions,
            @Nullable String value,
            @Nullable String valueType,
            @Nullable Integer valueSchemaVersion,
            @Nullable String valueCodec,
            @Nullable String code,
            @Nullable String failure,
            @Nullable String message,
            @Nullable Map<String, String> details,
            @Nullable Boolean retryable) {

        static Members of(Success success) {
            SerializedPayload value =
                    success.value() == null ? null : success.value().stored();
            return new Members(
                    success.version() == null ? null : success.version().value(),
                    success.positions().isEmpty()
                            ? null
                            : success.positions().stream()
                                    .map(GlobalPosition::value)
                                    .toList(),
                    value == null ? null : value.json(),
                    value == null ? null : value.type().name(),
                    value == null ? null : value.type().schemaVersion(),
                    value == null ? null : value.codec(),
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        static Members of(
                @Nullable String code,
                @Nullable String failure,
                String message,
                @Nullable Map<String, String> details,
                @Nullable Boolean retryable) {
            return new Members(null, null, null, null, null, null, code, failure, message, details, retryable);
        }
    }

    String write(CommandResult result) {
        if (result instanceof Rejection rejection) {
            return payloads.writeRecord(Members.of(
                    rejection.code(),
                    null,
                    rejection.message(),
                    new TreeMap<>(rejection.details()),
                    rejection.isRetryable() ? true : null));
        }
        if (result instanceof Failure failure) {
            return payloads.writeRecord(Members.of(null, failure.kind().name(), failure.message(), null, null));
        }
        return payloads.writeRecord(Members.of((Success) result));
    }

    CommandResult read(StreamId stream, String json) {
        Members members = payloads.readRecord(json, Members.class);
        String message = Objects.requireNonNullElse(members.message(), "");
        if (members.code() != null) {
            return new Rejection(
                    members.code(),
                    message,
                    Objects.requireNonNullElse(members.details(), Map.of()),
                    Boolean.TRUE.equals(members.retryable()));
        }
        if (members.failure() != null) {
            return new Failure(FailureKind.valueOf(members.failure()), message);
        }
        List<Long> positions = Objects.requireNonNullElse(members.positions(), List.of());
        return new Success(
                members.version() == null ? null : StreamVersion.of(members.version()),
                positions.stream().map(GlobalPosition::new).toList(),
                value(stream, members));
    }

    private @Nullable ResultValue value(StreamId stream, Members members) {
        if (members.value() == null || members.valueType() == null || members.valueSchemaVersion() == null) {
            return null;
        }
        VersionedType type = new VersionedType(members.valueType(), members.valueSchemaVersion());
        return new ResultValue(stream, new SerializedPayload(type, members.value(), members.valueCodec()), payloads);
    }
}
