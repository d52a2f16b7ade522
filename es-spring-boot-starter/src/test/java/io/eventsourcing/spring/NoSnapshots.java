package io.eventsourcing.spring;

import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.core.stream.StreamId;
import java.util.Optional;

/** Keeps none. */
final class NoSnapshots implements SnapshotPort {

    @Override
    public void save(Snapshot<?> snapshot) {}

    @Override
    public <S> Optional<Snapshot<S>> latest(StreamId stream, Class<S> state) {
        return Optional.empty();
    }

    @Override
    public void deleteAll(StreamId stream) {}
}
