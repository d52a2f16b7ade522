package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Entries of a log as these tests need them. */
final class Entries {

    private static final EventSerialization SERIALIZATION = EventSerialization.of(Ticked.class, Fragile.class);

    @EventType("ticked")
    record Ticked(int number) {}

    /** Cannot be made of anything. */
    @EventType("fragile")
    record Fragile(int number) {
        Fragile {
            if (number >= 0) {
                throw new AssertionError("broken");
            }
        }
    }

    private Entries() {}

    static GlobalPosition at(long position) {
        return new GlobalPosition(position);
    }

    static LogEntry entry(long position, StreamId stream, String... tags) {
        return withJson(position, stream, "{\"number\":" + position + "}", tags);
    }

    /** An entry whose class fails with an error that is no exception. */
    static LogEntry fragile(long position) {
        return of("fragile", position, StreamId.of("clock", "c"), "{\"number\":1}");
    }

    private static LogEntry withJson(long position, StreamId stream, String json, String... tags) {
        return of("ticked", position, stream, json, tags);
    }

    private static LogEntry of(String type, long position, StreamId stream, String json, String... tags) {
        SerializedPayload payload = new SerializedPayload(new VersionedType(type, 1), json, null);
        StoredEvent stored = new StoredEvent(
                stream,
                new StreamVersion(1),
                at(position),
                EventId.next(),
                Instant.EPOCH,
                new SerializedEvent(payload, "{}", List.of(tags)));
        return new LogEntry(stored, LogFilter.ALL, SERIALIZATION);
    }

    /** An entry of so many characters and a few more. */
    static Routed large(long position, int length) {
        return new Routed(withJson(position, StreamId.of("clock", "large"), "1".repeat(length)), "large");
    }

    /** An entry whose JSON does not fit its class. */
    static LogEntry unreadable(long position) {
        return withJson(position, StreamId.of("clock", "c"), "[]");
    }

    /** An entry of which nothing is left that was looked for. */
    static LogEntry unwanted(long position) {
        LogEntry entry = entry(position, StreamId.of("clock", "c"));
        return new LogEntry(entry.stored(), LogFilter.ALL.ofTypes(List.of("another")), SERIALIZATION);
    }

    static Routed routed(long position, String key) {
        return new Routed(entry(position, StreamId.of("clock", key)), key);
    }

    static List<Routed> routed(String key, int... positions) {
        return IntStream.of(positions)
                .mapToObj(position -> routed(position, key))
                .toList();
    }

    /** Events as a handler gets them. */
    static List<RecordedEvent> recorded(int... positions) {
        return IntStream.of(positions)
                .mapToObj(position ->
                        entry(position, StreamId.of("clock", "c")).events().get(0))
                .toList();
    }
}
