package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Lease;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.Parking;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.core.subscription.Sequencing;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Acknowledges everything, keeps nothing, and never fails. */
final class DoNothingCheckpoints implements CheckpointPort {

    @Override
    public void register(String subscription, Sequencing sequencing, Supplier<GlobalPosition> start) {}

    @Override
    public List<OwnedSegment> renew(Lease lease) {
        return List.of();
    }

    @Override
    public void release(List<Checkpoint> reached) {}

    @Override
    public void leave(UUID node) {}

    @Override
    public <T> T inTransaction(Supplier<T> work) {
        return null;
    }

    @Override
    public Checkpoint advance(Checkpoint held, GlobalPosition reached) {
        return held.at(reached);
    }

    @Override
    public List<Checkpoint> advanceAll(List<Checkpoint> held, List<GlobalPosition> reached) {
        return IntStream.range(0, held.size())
                .mapToObj(i -> held.get(i).at(reached.get(i)))
                .toList();
    }

    @Override
    public Optional<Checkpoint> park(Checkpoint held, Parking parking) {
        return Optional.of(held.at(parking.event().position()));
    }

    @Override
    public Set<String> parkedKeys(SegmentId segment) {
        return Set.of();
    }

    @Override
    public List<ParkedEvent> parked(ParkedQuery query) {
        return List.of();
    }

    @Override
    public void lock(SegmentId segment) {}

    @Override
    public boolean unpark(ParkedEvent event) {
        return true;
    }

    @Override
    public void failedAgain(ParkedEvent event, String error) {}

    @Override
    public boolean discard(ParkedEvent event, String reason) {
        return true;
    }

    @Override
    public List<SegmentState> segments(String subscription) {
        return List.of();
    }
}
