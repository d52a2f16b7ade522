package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.stream.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How any payload becomes what is stored, and back: with the mapper, the codecs and the limits of an {@link EventSerialization}, for
 * what is no event. Immutable and thread-safe.
 */
public final class PayloadSerialization {

    private final PayloadWriter writer;
    private final PayloadReader reader;
    private final MetadataJson metadata;

    PayloadSerialization(PayloadWriter writer, PayloadReader reader, MetadataJson metadata) {
        this.writer = writer;
        this.reader = reader;
        this.metadata = metadata;
    }

    /**
     * Writes a payload as it is stored.
     *
     * @param context whose it is, and what it is
     * @param payload the payload
     * @return what is stored
     * @throws PayloadNotWritableException if Jackson or a codec cannot write it, or stores cannot keep what was written
     * @throws PayloadTooLargeException if it is larger than the limit
     */
    public SerializedPayload write(PayloadContext context, Object payload) {
        return writer.write(context, payload);
    }

    /**
     * Writes metadata as it is stored.
     *
     * @param context what it belongs to
     * @param value the metadata
     * @return a JSON object
     * @throws PayloadTooLargeException if it is larger than the limit
     */
    public String writeMetadata(PayloadContext context, EventMetadata value) {
        return metadata.write(context, value);
    }

    /**
     * Reads metadata as it was stored.
     *
     * @param json a JSON object
     * @return the metadata
     * @throws PayloadNotReadableException if it is none
     */
    public EventMetadata readMetadata(String json) {
        try {
            return metadata.read(json);
        } catch (UnreadablePayload e) {
            throw new PayloadNotReadableException("metadata", e.detail(), e.getCause());
        }
    }

    /**
     * Reads a payload as it was stored, without upcasting.
     *
     * @param context whose it is, and what it is, for codecs and error texts
     * @param stored what is stored
     * @param target its class
     * @param <T> its class
     * @return the payload
     * @throws PayloadNotReadableException if its JSON does not fit the class, or a codec failed
     */
    public <T> T read(PayloadContext context, SerializedPayload stored, Class<T> target) {
        try {
            return reader.bind(context.stream(), stored, target);
        } catch (UnreadablePayload e) {
            throw notReadable(context, e);
        }
    }

    /**
     * Writes a record of this library as JSON that no customizer changes; members that are null are left out.
     *
     * @param value the record
     * @return a JSON object
     */
    public String writeRecord(Record value) {
        return metadata.writeRecord(value);
    }

    /**
     * Reads what {@link #writeRecord} has written.
     *
     * @param json a JSON object; members that the record does not have are left out
     * @param type the class of the record
     * @param <T> the class of the record
     * @return the record
     * @throws PayloadNotReadableException if it is none
     */
    public <T extends Record> T readRecord(String json, Class<T> type) {
        try {
            return metadata.readRecord(json, type);
        } catch (UnreadablePayload e) {
            throw new PayloadNotReadableException(type.getSimpleName(), e.detail(), e.getCause());
        }
    }

    /**
     * What reads payloads of several types, through upcasters that make one payload of one.
     *
     * @param classes the classes by the types that are current
     * @param upcasters leads from older types to these
     * @return the reader
     * @throws MissingUpcasterException if an upcaster leads nowhere
     * @throws UpcasterConfigurationException if two upcasters start from one type, or run in a circle
     */
    public Function<SerializedPayloadOf, Object> reading(
            Map<VersionedType, Class<?>> classes, List<? extends Upcaster> upcasters) {
        UpcasterChain chain = new UpcasterChain(new ArrayList<>(upcasters), classes::containsKey);
        chain.rejectDeadEnds();
        return stored -> {
            try {
                return read(stored, classes, chain);
            } catch (UnreadablePayload e) {
                throw notReadable(stored.context(), e);
            }
        };
    }

    private Object read(SerializedPayloadOf stored, Map<VersionedType, Class<?>> classes, UpcasterChain chain) {
        StreamId stream = stored.stream();
        Class<?> current = classes.get(stored.payload().type());
        if (current != null) {
            return reader.bind(stream, stored.payload(), current);
        }
        if (!chain.startsFrom(stored.payload().type())) {
            throw new UnreadablePayload(
                    "its type is not registered, and no upcaster leads on from it; registered are "
                            + classes.keySet().stream()
                                    .map(VersionedType::toString)
                                    .sorted()
                                    .limit(20)
                                    .collect(Collectors.joining(", ")),
                    null);
        }
        List<TypedPayload> upcast = reader.upcast(stream, stored.payload(), chain);
        if (upcast.size() != 1) {
            throw new UnreadablePayload("its upcasters made " + upcast.size() + " payloads of it, and not one", null);
        }
        return reader.bind(
                upcast.get(0).payload(),
                Objects.requireNonNull(classes.get(upcast.get(0).type())));
    }

    private static PayloadNotReadableException notReadable(PayloadContext context, UnreadablePayload e) {
        return new PayloadNotReadableException(
                "payload of type " + context.type() + " for stream " + context.stream(), e.detail(), e.getCause());
    }

    /**
     * A stored payload, and whose it is.
     *
     * @param stream the stream that it belongs to
     * @param payload what is stored
     */
    public record SerializedPayloadOf(StreamId stream, SerializedPayload payload) {

        /** For codecs and error texts. */
        PayloadContext context() {
            return new PayloadContext(stream, payload.type());
        }
    }
}
