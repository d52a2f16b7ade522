package io.eventsourcing.memory;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.DuplicateEventIdException;
import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.StreamNotFoundException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The streams of one tenant, and where each of its event ids is recorded. Guarded by the lock of {@link StoredData}. */
final class StoredTenant {

    private final Map<StreamId, StoredStream> streams = new HashMap<>();
    private final Map<EventId, StoredEvent> eventsById = new HashMap<>();
    private final Set<StreamId> tombstones = new HashSet<>();

    /** The stream, or empty if it was never written or was deleted. */
    Optional<StoredStream> stored(StreamId id) {
        return Optional.ofNullable(streams.get(id));
    }

    /** The stream, or empty if it was never written; an error if it was deleted. */
    Optional<StoredStream> find(StreamId id) {
        if (tombstones.contains(id)) {
            throw new StreamDeletedException(id);
        }
        return stored(id);
    }

    StreamVersion version(StreamId id) {
        return find(id).map(StoredStream::version).orElse(StreamVersion.NONE);
    }

    /** What an earlier attempt recorded, or empty if the request may be written now. */
    Optional<AppendResult> admit(SerializedRequest request) {
        Optional<AppendResult> earlier = recordedEarlier(request);
        if (earlier.isEmpty()) {
            rejectUnlessWritable(request.request());
        }
        return earlier;
    }

    private Optional<AppendResult> recordedEarlier(SerializedRequest request) {
        List<StoredEvent> recorded = request.request().events().stream()
                .map(event -> eventsById.get(event.id()))
                .filter(Objects::nonNull)
                .toList();
        if (recorded.isEmpty()) {
            return Optional.empty();
        }
        StoredEvent first = recorded.get(0);
        if (recorded.size() < request.size() || !areTheEventsOf(request, recorded)) {
            throw new DuplicateEventIdException(
                    request.stream(),
                    first.id() + " is recorded at version " + first.version() + " of stream " + first.stream());
        }
        return Optional.of(result(request, recorded, true));
    }

    private static boolean areTheEventsOf(SerializedRequest request, List<StoredEvent> recorded) {
        StreamVersion first = recorded.get(0).version();
        return IntStream.range(0, request.size()).allMatch(i -> {
            StoredEvent event = recorded.get(i);
            return event.stream().equals(request.stream())
                    && event.version().equals(first.plus(i))
                    && typeName(event.content())
                            .equals(typeName(request.contents().get(i)));
        });
    }

    private static String typeName(SerializedEvent content) {
        return content.payload().type().name();
    }

    private void rejectUnlessWritable(AppendRequest request) {
        Optional<StoredStream> stream = find(request.stream());
        if (stream.filter(StoredStream::isArchived).isPresent()) {
            throw new StreamArchivedException(request.stream());
        }
        StreamVersion actual = version(request.stream());
        if (!request.expected().isSatisfiedBy(actual)) {
            throw new VersionConflictException(request.stream(), request.expected(), actual);
        }
    }

    /** Writes what {@link #admit} let pass. */
    AppendResult write(SerializedRequest request, Instant now, StoredLog log) {
        StreamId id = request.stream();
        StoredStream stream = streams.computeIfAbsent(id, StoredStream::new);
        List<StoredEvent> written = new ArrayList<>();
        for (int i = 0; i < request.size(); i++) {
            EventId eventId = request.request().events().get(i).id();
            StoredEvent event = stream.add(eventId, request.contents().get(i), log.nextPosition(), now);
            log.add(event);
            eventsById.put(eventId, event);
            written.add(event);
        }
        SerializedPayload snapshot = request.snapshot();
        if (snapshot != null) {
            stream.keep(stream.version(), snapshot);
        }
        return result(request, written, false);
    }

    private static AppendResult result(SerializedRequest request, List<StoredEvent> events, boolean alreadyRecorded) {
        return new AppendResult(
                request.stream(),
                events.get(events.size() - 1).version(),
                events.stream().map(StoredEvent::position).toList(),
                alreadyRecorded);
    }

    /** What takes back all that is written from now on to the streams of some requests. */
    Runnable undo(List<SerializedRequest> requests, StoredLog log) {
        Map<StreamId, Optional<StoredStream>> before = new HashMap<>();
        requests.forEach(
                request -> before.put(request.stream(), stored(request.stream()).map(StoredStream::copy)));
        return () -> before.forEach((id, stream) -> {
            int kept = stream.map(each -> each.events().size()).orElse(0);
            stored(id).stream().flatMap(now -> now.events().stream().skip(kept)).forEach(event -> {
                eventsById.remove(event.id());
                log.remove(event);
            });
            stream.ifPresentOrElse(each -> streams.put(id, each), () -> streams.remove(id));
        });
    }

    /** The stream that was deleted; empty if it was before. */
    Optional<StoredStream> delete(StreamId id) {
        if (tombstones.contains(id)) {
            return Optional.empty();
        }
        StoredStream stream = streams.remove(id);
        if (stream == null) {
            throw new StreamNotFoundException(id);
        }
        stream.events().forEach(event -> eventsById.remove(event.id()));
        tombstones.add(id);
        return Optional.of(stream);
    }
}
