package io.eventsourcing.core.command;

import io.eventsourcing.core.serialization.PayloadContext;
import io.eventsourcing.core.serialization.PayloadSerialization;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;

/**
 * What a handler returned, as it is stored: the first result and a repeated one are read in the same way. Immutable and thread-safe;
 * two of the same stored payload are equal.
 */
public final class ResultValue {

    private final StreamId stream;
    private final SerializedPayload stored;
    private final PayloadSerialization serialization;

    ResultValue(StreamId stream, SerializedPayload stored, PayloadSerialization serialization) {
        this.stream = stream;
        this.stored = stored;
        this.serialization = serialization;
    }

    /**
     * The value as it is stored.
     *
     * @return the payload
     */
    public SerializedPayload stored() {
        return stored;
    }

    /**
     * Reads the value.
     *
     * @param target its class
     * @param <T> its class
     * @return the value
     * @throws io.eventsourcing.core.serialization.PayloadNotReadableException if it is none of that class
     */
    public <T> T as(Class<T> target) {
        return serialization.read(new PayloadContext(stream, stored.type()), stored, target);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResultValue value && stored.equals(value.stored);
    }

    @Override
    public int hashCode() {
        return stored.hashCode();
    }

    /** Without the value, which may be personal. */
    @Override
    public String toString() {
        return "a value of " + stored.type();
    }
}
