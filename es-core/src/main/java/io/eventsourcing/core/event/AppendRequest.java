package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events to append to one stream, and what is demanded of the stream.
 *
 * @param stream where to append
 * @param expected what the stream's version must be
 * @param events one or more, in order
 * @param snapshotState the state after the last of the events, kept as a snapshot in the same transaction; null for none
 */
public record AppendRequest(
        StreamId stream,
        ExpectedVersion expected,
        List<NewEvent> events,
        @Nullable Object snapshotState) {

    /**
     * Checks the parts and copies the events.
     *
     * @throws IllegalArgumentException if there is no event, if two events have one id, or if there is a snapshot although
     *     the expected version leaves open which events come before these
     */
    public AppendRequest {
        Objects.requireNonNull(stream, "The stream of an append is null.");
        Objects.requireNonNull(
                expected, "The expected version of an append is null. Use ExpectedVersion.any() to demand nothing.");
        events = List.copyOf(Objects.requireNonNull(events, "The events of an append are null."));
        if (events.isEmpty()) {
            throw new IllegalArgumentException("The append to stream " + stream
                    + " has no events. Nothing was written. Give at least one event, or do not append.");
        }
        rejectDuplicateIds(stream, events);
        if (snapshotState != null && !fixesVersion(expected)) {
            throw new IllegalArgumentException(
                    "The append to stream " + stream + " has a snapshot but expects " + expected
                            + ", which leaves open what comes before its events. Nothing was written. Expect an exact version.");
        }
    }

    /**
     * An append of these events.
     *
     * @param stream where to append
     * @param expected what the stream's version must be
     * @param events one or more, in order: payloads, which get new event ids, or {@link NewEvent}s
     * @return the request
     */
    public static AppendRequest of(StreamId stream, ExpectedVersion expected, Object... events) {
        return of(stream, expected, Arrays.asList(events));
    }

    /**
     * An append of these events.
     *
     * @param stream where to append
     * @param expected what the stream's version must be
     * @param events one or more, in order: payloads, which get new event ids, or {@link NewEvent}s
     * @return the request
     */
    public static AppendRequest of(StreamId stream, ExpectedVersion expected, List<?> events) {
        Objects.requireNonNull(events, "The events of an append are null.");
        List<NewEvent> newEvents = events.stream()
                .map(event -> event instanceof NewEvent newEvent ? newEvent : NewEvent.of(event))
                .toList();
        return new AppendRequest(stream, expected, newEvents, null);
    }

    /**
     * The same append, with a snapshot that commits with it.
     *
     * @param state the state after the last of the events
     * @return the request with the snapshot
     */
    public AppendRequest withSnapshot(Object state) {
        return new AppendRequest(stream, expected, events, state);
    }

    private static boolean fixesVersion(ExpectedVersion expected) {
        return expected instanceof ExpectedVersion.Exactly || expected instanceof ExpectedVersion.NoStream;
    }

    private static void rejectDuplicateIds(StreamId stream, List<NewEvent> events) {
        Set<EventId> ids = new HashSet<>();
        for (NewEvent event : events) {
            if (!ids.add(event.id())) {
                throw new IllegalArgumentException("The append to stream " + stream + " has two events with the id "
                        + event.id() + ". Nothing was written. Give each event its own id.");
            }
        }
    }
}
