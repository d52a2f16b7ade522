package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.DuplicateEventIdException;
import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.StreamNotFoundException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an event store does, in as few words as possible: each method says what a real store must answer, as text, where an
 * error is the simple name of its class.
 */
final class ModelStore {

    private final Map<StreamId, List<EventId>> streams = new HashMap<>();
    private final Set<StreamId> archived = new HashSet<>();
    private final Set<StreamId> deleted = new HashSet<>();

    /** The versions after the requests, those of retries in brackets, or the first error. */
    String appendAll(List<AppendRequest> requests) {
        for (AppendRequest request : requests) {
            String refusal = refusal(request);
            if (!refusal.isEmpty()) {
                return refusal;
            }
        }
        return requests.stream().map(this::write).toList().toString();
    }

    private String refusal(AppendRequest request) {
        StreamId stream = request.stream();
        if (isRetry(request)) {
            return "";
        } else if (ids(request).stream().anyMatch(this::isRecorded)) {
            return DuplicateEventIdException.class.getSimpleName();
        } else if (deleted.contains(stream)) {
            return StreamDeletedException.class.getSimpleName();
        } else if (archived.contains(stream)) {
            return StreamArchivedException.class.getSimpleName();
        } else if (!request.expected()
                .isSatisfiedBy(StreamVersion.of(events(stream).size()))) {
            return VersionConflictException.class.getSimpleName();
        }
        return "";
    }

    private boolean isRetry(AppendRequest request) {
        return Collections.indexOfSubList(events(request.stream()), ids(request)) >= 0;
    }

    private boolean isRecorded(EventId id) {
        return streams.values().stream().anyMatch(recorded -> recorded.contains(id));
    }

    private static List<EventId> ids(AppendRequest request) {
        return request.events().stream().map(NewEvent::id).toList();
    }

    private String write(AppendRequest request) {
        List<EventId> ids = ids(request);
        if (isRetry(request)) {
            return "(" + (Collections.indexOfSubList(events(request.stream()), ids) + ids.size()) + ")";
        }
        List<EventId> recorded = streams.computeIfAbsent(request.stream(), unused -> new ArrayList<>());
        recorded.addAll(ids);
        return Integer.toString(recorded.size());
    }

    /** The ids of the events from a version on, or the error. */
    String load(StreamId stream, int from) {
        List<EventId> events = events(stream);
        return unlessDeleted(
                stream, events.subList(Math.min(from - 1, events.size()), events.size()) + " of " + events.size());
    }

    /** The ids of at most so many latest events, newest first, or the error. */
    String loadBackward(StreamId stream, int limit) {
        List<EventId> backward = new ArrayList<>(events(stream));
        Collections.reverse(backward);
        return unlessDeleted(stream, backward.subList(0, Math.min(limit, backward.size())) + " of " + backward.size());
    }

    private String unlessDeleted(StreamId stream, String answer) {
        return deleted.contains(stream) ? StreamDeletedException.class.getSimpleName() : answer;
    }

    /** "done", or the error. */
    String setArchived(StreamId stream, boolean wanted) {
        if (deleted.contains(stream)) {
            return StreamDeletedException.class.getSimpleName();
        } else if (events(stream).isEmpty()) {
            return StreamNotFoundException.class.getSimpleName();
        } else if (wanted) {
            archived.add(stream);
        } else {
            archived.remove(stream);
        }
        return "done";
    }

    /** "done", or the error. */
    String delete(StreamId stream) {
        if (events(stream).isEmpty() && !deleted.contains(stream)) {
            return StreamNotFoundException.class.getSimpleName();
        }
        streams.remove(stream);
        deleted.add(stream);
        return "done";
    }

    List<EventId> events(StreamId stream) {
        return streams.getOrDefault(stream, List.of());
    }
}
