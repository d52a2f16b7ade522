package io.eventsourcing.core.event;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known about an event besides its payload: what it belongs to, what caused it, who did it, and when it happened in
 * the business. Everything is optional. Metadata is stored readable, also where the payload is encrypted.
 *
 * @param correlationId shared by everything that one outside cause set off
 * @param causationId the id of the command or event that directly caused this one
 * @param requestId the id of the outside request, as the caller gave it
 * @param actor who did it, such as a user id
 * @param role in which role the actor did it
 * @param source which system or channel it came from
 * @param occurredAt when it happened in the business; when it was recorded is another field of the recorded event
 * @param traceparent the trace it happened in, in the W3C form
 * @param attributes free text by name
 */
public record EventMetadata(
        @Nullable String correlationId,
        @Nullable String causationId,
        @Nullable String requestId,
        @Nullable String actor,
        @Nullable String role,
        @Nullable String source,
        @Nullable Instant occurredAt,
        @Nullable String traceparent,
        Map<String, String> attributes) {

    /** No metadata at all. */
    public static final EventMetadata NONE = builder().build();

    /** Copies the attributes and checks that every text can be stored. */
    public EventMetadata {
        StorableText.check("correlation id", correlationId);
        StorableText.check("causation id", causationId);
        StorableText.check("request id", requestId);
        StorableText.check("actor", actor);
        StorableText.check("role", role);
        StorableText.check("source", source);
        StorableText.check("traceparent", traceparent);
        attributes = Map.copyOf(
                Objects.requireNonNull(attributes, "The attributes of the metadata are null. Give an empty map."));
        attributes.forEach((name, value) -> {
            StorableText.check("name of an attribute", name);
            StorableText.check("attribute '" + name + "'", value);
        });
    }

    /**
     * The metadata of what {@code cause} sets off: its id becomes the causation id; correlation id, request id, actor,
     * role and trace are inherited. A cause without correlation id starts the correlation with its own id.
     *
     * @param cause the event that something is done in reaction to
     * @return the metadata of the effect
     */
    public static EventMetadata causedBy(RecordedEvent cause) {
        return causedBy(cause.id().toString(), cause.metadata());
    }

    /**
     * The metadata of what a command or an event sets off; see {@link #causedBy(RecordedEvent)}.
     *
     * @param causeId the id of the command or event
     * @param cause the metadata of the command or event
     * @return the metadata of the effect
     */
    public static EventMetadata causedBy(String causeId, EventMetadata cause) {
        return builder()
                .correlationId(cause.correlationId != null ? cause.correlationId : causeId)
                .causationId(causeId)
                .requestId(cause.requestId)
                .actor(cause.actor)
                .role(cause.role)
                .traceparent(cause.traceparent)
                .build();
    }

    /**
     * Starts with nothing set.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts with everything set as it is here.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        return builder()
                .correlationId(correlationId)
                .causationId(causationId)
                .requestId(requestId)
                .actor(actor)
                .role(role)
                .source(source)
                .occurredAt(occurredAt)
                .traceparent(traceparent)
                .attributes(attributes);
    }

    /** Collects metadata. Not thread-safe. */
    public static final class Builder {

        private @Nullable String correlationId;
        private @Nullable String causationId;
        private @Nullable String requestId;
        private @Nullable String actor;
        private @Nullable String role;
        private @Nullable String source;
        private @Nullable Instant occurredAt;
        private @Nullable String traceparent;
        private Map<String, String> attributes = Map.of();

        private Builder() {}

        /**
         * Sets the correlation id.
         *
         * @param value shared by everything that one outside cause set off
         * @return this builder
         */
        public Builder correlationId(@Nullable String value) {
            this.correlationId = value;
            return this;
        }

        /**
         * Sets the causation id.
         *
         * @param value the id of the direct cause
         * @return this builder
         */
        public Builder causationId(@Nullable String value) {
            this.causationId = value;
            return this;
        }

        /**
         * Sets the request id.
         *
         * @param value the id of the outside request
         * @return this builder
         */
        public Builder requestId(@Nullable String value) {
            this.requestId = value;
            return this;
        }

        /**
         * Sets the actor.
         *
         * @param value who did it
         * @return this builder
         */
        public Builder actor(@Nullable String value) {
            this.actor = value;
            return this;
        }

        /**
         * Sets the role.
         *
         * @param value in which role the actor did it
         * @return this builder
         */
        public Builder role(@Nullable String value) {
            this.role = value;
            return this;
        }

        /**
         * Sets the source.
         *
         * @param value which system or channel it came from
         * @return this builder
         */
        public Builder source(@Nullable String value) {
            this.source = value;
            return this;
        }

        /**
         * Sets the business time.
         *
         * @param value when it happened in the business
         * @return this builder
         */
        public Builder occurredAt(@Nullable Instant value) {
            this.occurredAt = value;
            return this;
        }

        /**
         * Sets the trace.
         *
         * @param value the W3C traceparent
         * @return this builder
         */
        public Builder traceparent(@Nullable String value) {
            this.traceparent = value;
            return this;
        }

        /**
         * Replaces the attributes.
         *
         * @param values free text by name
         * @return this builder
         */
        public Builder attributes(Map<String, String> values) {
            this.attributes = values;
            return this;
        }

        /**
         * Builds the metadata.
         *
         * @return the metadata
         * @throws IllegalArgumentException if a text cannot be stored
         */
        public EventMetadata build() {
            return new EventMetadata(
                    correlationId, causationId, requestId, actor, role, source, occurredAt, traceparent, attributes);
        }
    }
}
