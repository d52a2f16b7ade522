package io.eventsourcing.core.subscription;

import io.eventsourcing.core.IdentifierRules;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.stream.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * Which events must be handled one after the other: those with the same sequencing key. Others may be handled at the same time, on
 * other threads and other nodes. Keys of different tenants never meet, except in {@link #single()}.
 *
 * <p>A read model that joins streams needs a policy by what it joins, or the single one: two segments that change one row would
 * lose each other's changes. Immutable and thread-safe.
 */
public final class SequencingPolicy {

    private static final int MAX_KEY_LENGTH = 512;

    private static final SequencingPolicy BY_STREAM =
            new SequencingPolicy("stream", entry -> ofStream(entry.stored()), false);

    private static final SequencingPolicy SINGLE = new SequencingPolicy("single", entry -> "single", true);

    private final String name;
    private final Function<LogEntry, String> key;
    private final boolean isSingle;

    private SequencingPolicy(String name, Function<LogEntry, String> key, boolean isSingle) {
        this.name = name;
        this.key = key;
        this.isSingle = isSingle;
    }

    /**
     * Events of the same stream, in the order of their versions.
     *
     * @return the policy
     */
    public static SequencingPolicy byStream() {
        return BY_STREAM;
    }

    /**
     * Events that have the same value in a tag; those without it, events of the same stream.
     *
     * @param tagKey the key of the tag. Where an event has several of them, the first in the order of their values counts
     * @return the policy
     */
    public static SequencingPolicy byTag(String tagKey) {
        String start = new Tag(tagKey, "any").key() + ":";
        return new SequencingPolicy("tag:" + tagKey, entry -> ofTag(entry.stored(), start), false);
    }

    /**
     * Events for which a function gives the same key.
     *
     * @param name the name under which the store remembers the policy; another function needs another name
     * @param function gives the key of an event; always the same for the same event. Where upcasting makes several of one event, the
     *     first counts. What it throws stops the subscription: an event without a key cannot be put in order
     * @return the policy
     */
    public static SequencingPolicy by(String name, Function<RecordedEvent, String> function) {
        IdentifierRules.check("name of a sequencing policy", name, 100);
        return new SequencingPolicy("function:" + name, entry -> ofFunction(entry, function), false);
    }

    /**
     * All events, of all tenants, one after the other.
     *
     * @return the policy
     */
    public static SequencingPolicy single() {
        return SINGLE;
    }

    private static String ofStream(StoredEvent event) {
        StreamId stream = event.stream();
        return stream.tenant() + ":" + stream.type() + ":" + stream.id();
    }

    private static String ofTag(StoredEvent event, String start) {
        return event.content().tags().stream()
                .filter(tag -> tag.startsWith(start))
                .sorted()
                .findFirst()
                .map(tag -> event.stream().tenant() + "#" + tag)
                .orElseGet(() -> ofStream(event));
    }

    private static String ofFunction(LogEntry entry, Function<RecordedEvent, String> function) {
        List<RecordedEvent> events = entry.events();
        if (events.isEmpty()) {
            return ofStream(entry.stored());
        }
        String key = IdentifierRules.check("sequencing key", function.apply(events.get(0)), MAX_KEY_LENGTH);
        return entry.stored().stream().tenant() + "#" + key;
    }

    /** The sequencing key of an event. */
    String keyOf(LogEntry entry) {
        return key.apply(entry);
    }

    /** How a subscription with so many segments is divided; the hash belongs to it. */
    Sequencing over(int segments) {
        return new Sequencing(segments, name + ", crc32c");
    }

    boolean isSingle() {
        return isSingle;
    }

    /** The one place that says to which segment a key belongs. */
    static int segmentOf(String key, int segments) {
        CRC32C hash = new CRC32C();
        hash.update(key.getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % segments);
    }
}
