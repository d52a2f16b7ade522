package io.eventsourcing.memory;

import io.eventsourcing.core.event.AppendBatch;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.SnapshotAndEvents;
import io.eventsourcing.core.log.AppendSignals;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.HighWaterMark;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Keeps events and snapshots in memory, with every behaviour of the database except survival: what it is given goes through
 * the same serialization and the same upcasters, and is refused with the same errors.
 *
 * <p>Made for unit tests: it starts at once, and needs nothing closed. It takes no part in transactions. Thread-safe.
 */
public final class InMemoryEventStore implements EventStorePort, SnapshotPort, EventLogPort, AppendSignals {

    private final EventSerialization serialization;
    private final StoredData data;

    /**
     * An empty store on the system's clock.
     *
     * @param serialization how events become what is kept, and back
     */
    public InMemoryEventStore(EventSerialization serialization) {
        this(serialization, Clock.systemUTC());
    }

    /**
     * An empty store.
     *
     * @param serialization how events become what is kept, and back
     * @param clock tells when an event was recorded
     */
    public InMemoryEventStore(EventSerialization serialization, Clock clock) {
        this(serialization, new StoredData(clock));
    }

    private InMemoryEventStore(EventSerialization serialization, StoredData data) {
        this.serialization = serialization;
        this.data = data;
    }

    /**
     * Opens a second store on the same data, as a newer deployment of the application would. A test appends to the first
     * one and reads from the second one to prove that the new serialization reads what the old one wrote.
     *
     * @param other the serialization of the second store
     * @return the second store; what one of both appends, the other loads
     */
    public InMemoryEventStore reopenWith(EventSerialization other) {
        return new InMemoryEventStore(other, data);
    }

    @Override
    public List<AppendResult> appendAll(List<AppendRequest> requests) {
        AppendBatch batch = new AppendBatch(requests);
        List<SerializedRequest> serialized =
                batch.requests().stream().map(this::serialized).toList();
        List<AppendResult> results = data.append(batch.tenant(), serialized);
        data.signalAppend();
        return results;
    }

    /** Those of all stores on the same data. */
    InlineHandlers inline() {
        return data.inline();
    }

    /** Also for appends of other stores on the same data. */
    @Override
    public void onAppend(Runnable listener) {
        data.onAppend(listener);
    }

    private SerializedRequest serialized(AppendRequest request) {
        StreamId stream = request.stream();
        Object state = request.snapshotState();
        return new SerializedRequest(
                request,
                request.events().stream()
                        .map(event -> serialization.write(stream, event))
                        .toList(),
                state == null ? null : serialization.writeState(stream, state));
    }

    @Override
    public EventStream load(StreamId stream, StreamVersion from) {
        StreamVersion current = data.version(stream);
        long first = Math.max(from.value(), StreamVersion.FIRST.value());
        return new EventStream(
                stream,
                current,
                () -> LongStream.rangeClosed(first, current.value())
                        .mapToObj(version -> read(stream, version))
                        .flatMap(List::stream)
                        .iterator());
    }

    @Override
    public EventStream loadBackward(StreamId stream, StreamVersion from, long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("Stream " + stream + " cannot be loaded with a limit of " + limit
                    + ". Nothing was read. Ask for 1 event or more.");
        }
        StreamVersion current = data.version(stream);
        long last = Math.min(from.value(), current.value());
        return new EventStream(
                stream,
                current,
                () -> LongStream.range(0, Math.min(limit, last))
                        .mapToObj(back -> readBackward(stream, last - back))
                        .flatMap(List::stream)
                        .iterator());
    }

    private List<RecordedEvent> read(StreamId stream, long version) {
        return serialization.read(data.event(stream, version));
    }

    private List<RecordedEvent> readBackward(StreamId stream, long version) {
        List<RecordedEvent> parts = new ArrayList<>(read(stream, version));
        Collections.reverse(parts);
        return parts;
    }

    @Override
    public <S> SnapshotAndEvents<S> loadWithSnapshot(StreamId stream, Class<S> state) {
        Optional<Snapshot<S>> snapshot = latest(stream, state);
        StreamVersion last = snapshot.map(Snapshot::version).orElse(StreamVersion.NONE);
        return new SnapshotAndEvents<>(snapshot, load(stream, last.plus(1)));
    }

    @Override
    public StreamVersion currentVersion(StreamId stream) {
        return data.version(stream);
    }

    @Override
    public Set<StreamId> existing(Collection<StreamId> streams) {
        return data.existing(streams);
    }

    @Override
    public LogPage read(LogQuery query) {
        return data.readLog(query, serialization);
    }

    /** Nothing is in flight in memory: the mark is the last position drawn. */
    @Override
    public HighWaterMark highWaterMark() {
        GlobalPosition last = data.lastPosition();
        return new HighWaterMark(last, last, Optional.empty());
    }

    @Override
    public GlobalPosition now() {
        return data.lastEvent();
    }

    @Override
    public GlobalPosition before(Instant time) {
        return data.before(time);
    }

    @Override
    public void archive(StreamId stream) {
        data.setArchived(stream, true);
    }

    @Override
    public void unarchive(StreamId stream) {
        data.setArchived(stream, false);
    }

    @Override
    public void delete(StreamId stream) {
        data.delete(stream);
    }

    @Override
    public void save(Snapshot<?> snapshot) {
        data.save(snapshot, serialization.writeState(snapshot.stream(), snapshot.state()));
    }

    @Override
    public <S> Optional<Snapshot<S>> latest(StreamId stream, Class<S> state) {
        String name = serialization.snapshotType(state).name();
        return data.latestSnapshot(stream, name, serialization.readableSchemaVersions(state))
                .flatMap(stored -> serialization.read(stored, state));
    }

    @Override
    public void deleteAll(StreamId stream) {
        data.deleteSnapshots(stream);
    }
}
