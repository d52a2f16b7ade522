package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.SnapshotAndEvents;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.HighWaterMark;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/** Acknowledges everything, keeps nothing, and never fails. */
final class DoNothingStore implements EventStorePort, SnapshotPort, EventLogPort {

    @Override
    public List<AppendResult> appendAll(List<AppendRequest> requests) {
        return requests.stream().map(DoNothingStore::acknowledged).toList();
    }

    private static AppendResult acknowledged(AppendRequest request) {
        int events = request.events().size();
        List<GlobalPosition> positions =
                LongStream.rangeClosed(1, events).mapToObj(GlobalPosition::new).toList();
        return new AppendResult(request.stream(), StreamVersion.of(events), positions, false);
    }

    @Override
    public EventStream load(StreamId stream, StreamVersion from) {
        return new EventStream(stream, StreamVersion.NONE, Collections::emptyIterator);
    }

    @Override
    public EventStream loadBackward(StreamId stream, StreamVersion from, long limit) {
        return load(stream, from);
    }

    @Override
    public <S> SnapshotAndEvents<S> loadWithSnapshot(StreamId stream, Class<S> state) {
        return new SnapshotAndEvents<>(Optional.empty(), load(stream));
    }

    @Override
    public StreamVersion currentVersion(StreamId stream) {
        return StreamVersion.NONE;
    }

    @Override
    public Set<StreamId> existing(Collection<StreamId> streams) {
        return Set.of();
    }

    @Override
    public LogPage read(LogQuery query) {
        return new LogPage(List.of(), query.after(), query.after(), true);
    }

    @Override
    public GlobalPosition now() {
        return GlobalPosition.START;
    }

    @Override
    public GlobalPosition before(Instant time) {
        return now();
    }

    @Override
    public HighWaterMark highWaterMark() {
        return new HighWaterMark(GlobalPosition.START, GlobalPosition.START, Optional.empty());
    }

    @Override
    public void archive(StreamId stream) {}

    @Override
    public void unarchive(StreamId stream) {}

    @Override
    public void delete(StreamId stream) {}

    @Override
    public void save(Snapshot<?> snapshot) {}

    @Override
    public <S> Optional<Snapshot<S>> latest(StreamId stream, Class<S> state) {
        return Optional.empty();
    }

    @Override
    public void deleteAll(StreamId stream) {}
}
