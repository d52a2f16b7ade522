package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.event.EventStoreUnavailableException;
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
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Checkpoints whose connection breaks now and then: before a transaction, at its end, or when it is committed, and nobody is told so. Not
 * for ever, so that the test comes to an end.
 */
final class FaultyCheckpoints implements CheckpointPort {

    private final CheckpointPort sound;
    private final Random random;
    private final AtomicInteger faultsLeft;

    FaultyCheckpoints(CheckpointPort sound, Random random, int faults) {
        this.sound = sound;
        this.random = random;
        this.faultsLeft = new AtomicInteger(faults);
    }

    private void breakNowAndThen() {
        if (random.nextInt(4) == 0 && faultsLeft.getAndDecrement() > 0) {
            throw new EventStoreUnavailableException("The connection broke.", new IllegalStateException("on purpose"));
        }
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
        breakNowAndThen();
        T result = sound.inTransaction(() -> {
            T done = work.get();
            breakNowAndThen();
            return done;
        });
        breakNowAndThen();
        return result;
    }

    @Override
    public void register(String subscription, Sequencing sequencing, Supplier<GlobalPosition> start) {
        sound.register(subscription, sequencing, start);
    }

    @Override
    public List<OwnedSegment> renew(Lease lease) {
        return sound.renew(lease);
    }

    @Override
    public void release(List<Checkpoint> reached) {
        sound.release(reached);
    }

    @Override
    public void leave(UUID node) {
        sound.leave(node);
    }

    @Override
    public Checkpoint advance(Checkpoint held, GlobalPosition reached) {
        return sound.advance(held, reached);
    }

    @Override
    public List<Checkpoint> advanceAll(List<Checkpoint> held, List<GlobalPosition> reached) {
        return sound.advanceAll(held, reached);
    }

    @Override
    public Optional<Checkpoint> park(Checkpoint held, Parking parking) {
        return sound.park(held, parking);
    }

    @Override
    public Set<String> parkedKeys(SegmentId segment) {
        return sound.parkedKeys(segment);
    }

    @Override
    public List<ParkedEvent> parked(ParkedQuery query) {
        return sound.parked(query);
    }

    @Override
    public void lock(SegmentId segment) {
        sound.lock(segment);
    }

    @Override
    public boolean unpark(ParkedEvent event) {
        return sound.unpark(event);
    }

    @Override
    public void failedAgain(ParkedEvent event, String error) {
        sound.failedAgain(event, error);
    }

    @Override
    public boolean discard(ParkedEvent event, String reason) {
        return sound.discard(event, reason);
    }

    @Override
    public List<SegmentState> segments(String subscription) {
        return sound.segments(subscription);
    }
}
