package io.eventsourcing.core.command;

import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.PayloadContext;
import io.eventsourcing.core.serialization.PayloadSerialization;
import io.eventsourcing.core.serialization.PayloadSerialization.SerializedPayloadOf;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.core.stream.StreamId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How commands and the values of their results become what is stored, and back, the same for every adapter; with the mapper, the codecs and
 * the limits of the events. Immutable and thread-safe.
 */
public final class CommandSerialization {

    private static final VersionedType VALUE = new VersionedType("command-result", 1);

    private final CommandTypes types;
    private final PayloadSerialization payloads;
    private final Function<SerializedPayloadOf, Object> reading;

    /**
     * The serialization of these commands.
     *
     * @param types the commands that there are
     * @param events shares its mapper, codecs and limits
     * @param upcasters lead from older schema versions of commands to those of today, one payload to one
     */
    public CommandSerialization(CommandTypes types, EventSerialization events, List<? extends Upcaster> upcasters) {
        this.types = types;
        this.payloads = events.payloads();
        Map<VersionedType, Class<?>> classes = new HashMap<>();
        types.all().forEach((command, type) -> classes.put(type, command));
        this.reading = payloads.reading(classes, upcasters);
    }

    /**
     * The commands that there are.
     *
     * @return the types
     */
    public CommandTypes types() {
        return types;
    }

    /**
     * Writes a command as it is stored.
     *
     * @param stream the stream that it is meant for
     * @param command the command
     * @return its payload
     * @throws UnroutableCommandException if nothing handles its class
     * @throws io.eventsourcing.core.serialization.PayloadNotWritableException if it cannot be written
     * @throws io.eventsourcing.core.serialization.PayloadTooLargeException if it is larger than the limit
     */
    public SerializedPayload write(StreamId stream, Object command) {
        return payloads.write(new PayloadContext(stream, types.typeOf(command.getClass())), command);
    }

    /**
     * Reads a command as it was stored, through upcasters.
     *
     * @param stored the command
     * @return the command
     * @throws io.eventsourcing.core.serialization.PayloadNotReadableException if its type is not known, or its JSON does not fit it
     */
    public Object read(StoredCommand stored) {
        return reading.apply(new SerializedPayloadOf(stored.stream(), stored.payload()));
    }

    /**
     * What a handler returned, as it is stored.
     *
     * @param stream the stream that the command is meant for
     * @param value what it returned; null for nothing
     * @return the value; null for nothing
     */
    public @Nullable ResultValue value(StreamId stream, @Nullable Object value) {
        return value == null
                ? null
                : new ResultValue(stream, payloads.write(new PayloadContext(stream, VALUE), value), payloads);
    }
}
