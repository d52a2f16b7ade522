package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.stream.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * How events and snapshots become what is stored, and back: the same for every adapter, so that a test in memory meets the
 * same JSON, the same upcasters and the same errors as the database.
 *
 * <p>What can be known to be wrong is refused when it is built: a name given twice, a class without a name, an upcaster
 * that leads nowhere, a schema version from which no upcaster leads on. Immutable and thread-safe.
 */
public final class EventSerialization {

    /** The largest stored payload unless said otherwise: 1 MiB. */
    public static final int DEFAULT_MAX_PAYLOAD_BYTES = 1024 * 1024;

    private final EventTypes eventTypes;
    private final PayloadWriter payloads;
    private final MetadataJson metadata;
    private final EventReader events;
    private final SnapshotReader snapshots;
    private final SnapshotTypes snapshotTypes;
    private final PayloadSerialization others;
    private final JsonValues json;

    private EventSerialization(Builder builder) {
        JsonMapper mapper = JsonMappers.forPayloads(builder.customizers);
        PayloadCodecs codecs = new PayloadCodecs(builder.codecs);
        PayloadReader reader = new PayloadReader(mapper, codecs);
        this.eventTypes = builder.eventTypes;
        this.payloads = new PayloadWriter(mapper, codecs, builder.maxPayloadBytes);
        this.metadata = new MetadataJson(builder.maxPayloadBytes);
        this.events = new EventReader(eventTypes, builder.upcasters, reader, metadata);
        this.snapshotTypes = new SnapshotTypes(builder.snapshotTypes);
        this.others = new PayloadSerialization(payloads, reader, metadata);
        this.json = new JsonValues(mapper);
        this.snapshots = new SnapshotReader(snapshotTypes, builder.snapshotUpcasters, reader);
    }

    /**
     * The defaults for these event classes.
     *
     * @param eventClasses event classes, or sealed types whose permitted classes are events
     * @return the serialization
     */
    public static EventSerialization of(Class<?>... eventClasses) {
        return builder(EventTypes.of(eventClasses)).build();
    }

    /**
     * Starts with the defaults.
     *
     * @param eventTypes the event types
     * @return a builder
     */
    public static Builder builder(EventTypes eventTypes) {
        return new Builder(eventTypes);
    }

    /**
     * The event types it was built with.
     *
     * @return the event types
     */
    public EventTypes eventTypes() {
        return eventTypes;
    }

    /**
     * Writes an event as it is stored.
     *
     * @param stream the stream it will be appended to
     * @param event the event
     * @return its content
     * @throws UnregisteredEventClassException if its class has no type
     * @throws PayloadNotWritableException if Jackson or a codec cannot write it, or stores cannot keep what was written
     * @throws PayloadTooLargeException if it is larger than the limit
     */
    public SerializedEvent write(StreamId stream, NewEvent event) {
        PayloadContext context =
                new PayloadContext(stream, eventTypes.typeOf(event.payload().getClass()));
        return new SerializedEvent(
                payloads.write(context, event.payload()),
                metadata.write(context, event.metadata()),
                event.tags().stream().map(Tag::toString).sorted().toList());
    }

    /**
     * Reads an event as it was stored, through upcasters.
     *
     * @param stored the event
     * @return one event, several, or none where upcasters split or dropped it
     * @throws UnknownEventTypeException if nothing is registered for its type, or for so new a schema version
     * @throws MissingUpcasterException if its schema version is too old and no upcaster leads on
     * @throws EventNotReadableException if its JSON does not fit its class, or a codec or an upcaster failed
     */
    public List<RecordedEvent> read(StoredEvent stored) {
        return events.read(stored);
    }

    /**
     * Writes the state of a snapshot as it is stored.
     *
     * @param stream the stream
     * @param state the state
     * @return its content
     * @throws IllegalArgumentException if its class has no snapshot type
     * @throws PayloadNotWritableException see {@link #write}
     * @throws PayloadTooLargeException see {@link #write}
     */
    public SerializedPayload writeState(StreamId stream, Object state) {
        return payloads.write(new PayloadContext(stream, snapshotTypes.typeOf(state.getClass())), state);
    }

    /**
     * Reads a snapshot as it was stored, through upcasters. What cannot be read is logged and counts as absent.
     *
     * @param <S> the state's class
     * @param stored the snapshot
     * @param state the state's class
     * @return the snapshot, or empty if it cannot be read as that class
     */
    public <S> Optional<Snapshot<S>> read(StoredSnapshot stored, Class<S> state) {
        return snapshots.read(stored, state);
    }

    /**
     * The name and current schema version under which a state's snapshots are stored.
     *
     * @param state the state's class
     * @return the type
     * @throws IllegalArgumentException if the class has no snapshot type
     */
    public VersionedType snapshotType(Class<?> state) {
        return snapshotTypes.typeOf(state);
    }

    /**
     * The names under which events are stored that may be events of these types when they are read: the names themselves, and
     * those of older types that upcasters rename or split.
     *
     * @param eventTypes names of event types as they are today
     * @return the names to look for in a store
     */
    public Set<String> storedNames(Set<String> eventTypes) {
        return events.storedNames(eventTypes);
    }

    /**
     * The same mapper, codecs and limits for what is neither event nor snapshot.
     *
     * @return the serialization of other payloads
     */
    public PayloadSerialization payloads() {
        return others;
    }

    /**
     * The same mapper alone, for values that are kept as JSON beside events.
     *
     * @return what writes and reads them
     */
    public JsonValues json() {
        return json;
    }

    /**
     * The schema versions whose snapshots can be read as this class: the current one, and older ones from which upcasters
     * lead to it.
     *
     * @param state the state's class
     * @return the schema versions
     * @throws IllegalArgumentException if the class has no snapshot type
     */
    public List<Integer> readableSchemaVersions(Class<?> state) {
        return snapshots.readableSchemaVersions(state);
    }

    /** Collects what differs from the defaults. Not thread-safe. */
    public static final class Builder {

        private final EventTypes eventTypes;
        private final List<Upcaster> upcasters = new ArrayList<>();
        private final Map<Class<?>, VersionedType> snapshotTypes = new HashMap<>();
        private final List<Upcaster> snapshotUpcasters = new ArrayList<>();
        private final List<PayloadCodec> codecs = new ArrayList<>();
        private final List<JsonMapperCustomizer> customizers = new ArrayList<>();
        private int maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES;

        private Builder(EventTypes eventTypes) {
            this.eventTypes = eventTypes;
        }

        /**
         * Adds upcasters of events.
         *
         * @param added in any order
         * @return this builder
         */
        public Builder upcasters(List<? extends Upcaster> added) {
            upcasters.addAll(added);
            return this;
        }

        /**
         * Adds upcasters of snapshots. Each must make exactly one payload.
         *
         * @param added in any order
         * @return this builder
         */
        public Builder snapshotUpcasters(List<? extends Upcaster> added) {
            snapshotUpcasters.addAll(added);
            return this;
        }

        /**
         * Registers a state's class that is not annotated.
         *
         * @param type the name and current schema version
         * @param state the state's class
         * @return this builder
         */
        public Builder snapshotType(VersionedType type, Class<?> state) {
            snapshotTypes.put(state, type);
            return this;
        }

        /**
         * Adds codecs; the first one that applies to a payload encodes it.
         *
         * @param added in order of precedence
         * @return this builder
         */
        public Builder codecs(List<? extends PayloadCodec> added) {
            codecs.addAll(added);
            return this;
        }

        /**
         * Extends the mapper that stores payloads.
         *
         * @param added called in order
         * @return this builder
         */
        public Builder customizers(List<? extends JsonMapperCustomizer> added) {
            customizers.addAll(added);
            return this;
        }

        /**
         * Sets the largest payload that is stored, after encoding; also the limit of an event's metadata.
         *
         * @param bytes 1 or more
         * @return this builder
         * @throws IllegalArgumentException if {@code bytes} is below 1
         */
        public Builder maxPayloadBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException(
                        "The largest payload cannot be " + bytes + " bytes. Give 1 or more.");
            }
            maxPayloadBytes = bytes;
            return this;
        }

        /**
         * Checks everything that can be known now.
         *
         * @return the serialization
         * @throws MissingUpcasterException if an upcaster leads nowhere, or an older schema version of an event type has
         *     no upcaster
         * @throws UpcasterConfigurationException if two upcasters start from one type, or run in a circle
         */
        public EventSerialization build() {
            return new EventSerialization(this);
        }
    }
}
