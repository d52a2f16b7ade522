package io.eventsourcing.core.log;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.StoredEvent;
import java.util.List;

/**
 * An event as it stands in the log, which is read and upcast when it is asked for, so that one that cannot be read does not keep
 * the others from their readers. Immutable and thread-safe.
 */
public final class LogEntry {

    private final StoredEvent stored;
    private final LogFilter filter;
    private final EventSerialization serialization;

    /**
     * For adapters: an entry.
     *
     * @param stored the event as it is stored
     * @param filter what was looked for
     * @param serialization reads the event
     */
    public LogEntry(StoredEvent stored, LogFilter filter, EventSerialization serialization) {
        this.stored = stored;
        this.filter = filter;
        this.serialization = serialization;
    }

    /**
     * The event as it is stored, before upcasting.
     *
     * @return the stored event
     */
    public StoredEvent stored() {
        return stored;
    }

    /**
     * Where it stands in the log.
     *
     * @return its position
     */
    public GlobalPosition position() {
        return stored.position();
    }

    /**
     * The event, read and upcast. An upcaster may make several of it, or none; those of types that were not looked for are left
     * out.
     *
     * @return the wanted events, in order
     * @throws io.eventsourcing.core.serialization.UnknownEventTypeException if no class is registered for its type
     * @throws io.eventsourcing.core.serialization.MissingUpcasterException if its schema version is too old
     * @throws io.eventsourcing.core.serialization.EventNotReadableException if its JSON does not fit its class
     */
    public List<RecordedEvent> events() {
        return serialization.read(stored).stream()
                .filter(event -> filter.acceptsType(event.type().name()))
                .toList();
    }

    /**
     * How large it is as it is stored.
     *
     * @return the characters of its payload and metadata
     */
    public long length() {
        SerializedEvent content = stored.content();
        return (long) content.payload().json().length() + content.metadata().length();
    }

    /**
     * The same entry for another reader.
     *
     * @param other what it looks for
     * @return the entry, whose {@link #events() events} are of the types that it looks for
     */
    public LogEntry filteredBy(LogFilter other) {
        return new LogEntry(stored, other, serialization);
    }

    /** The event as error texts name it. */
    @Override
    public String toString() {
        return stored.toString();
    }
}
