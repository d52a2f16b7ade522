package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The checkpoint and the parked events of one segment, as far as its runner needs them. */
final class OneCheckpoint implements CheckpointPort {

    static final Checkpoint START = new Checkpoint(new SegmentId("s", 0), Entries.at(10), 1);

    Checkpoint stored = START;
    final List<Parking> parked = new ArrayList<>();
    final Set<String> waiting = new HashSet<>();
    final List<GlobalPosition> released = new ArrayList<>();

    List<OwnedSegment> owned = List.of();
    Runnable whileRenewing = () -> {};
    boolean isLocked;
    boolean isInTransaction;
    boolean wasMovedInTransaction;

    /** What the next call fails with. */
    @Nullable
    Throwable failure;

    private void failIfToldTo() {
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    @Override
    public Checkpoint advance(Checkpoint held, GlobalPosition reached) {
        failIfToldTo();
        if (!held.equals(stored)) {
            throw new SegmentLostException(held);
        }
        stored = held.at(reached);
        wasMovedInTransaction = isInTransaction;
        return stored;
    }

    @Override
    public Optional<Checkpoint> park(Checkpoint held, Parking parking) {
        failIfToldTo();
        if (parking.isBehindAnother() && !waiting.contains(parking.key())) {
            return Optional.empty();
        }
        waiting.add(parking.key());
        parked.add(parking);
        return Optional.of(advance(held, parking.event().position()));
    }

    @Override
    public Set<String> parkedKeys(SegmentId segment) {
        return Set.copyOf(waiting);
    }

    @Override
    public void release(List<Checkpoint> reached) {
        failIfToldTo();
        reached.forEach(checkpoint -> released.add(checkpoint.position()));
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
        Checkpoint before = stored;
        isInTransaction = true;
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            stored = before;
            throw e;
        } finally {
            isInTransaction = false;
        }
    }

    @Override
    public void register(String subscription, Sequencing sequencing, Supplier<GlobalPosition> start) {
        throw new AssertionError("no runner registers");
    }

    @Override
    public List<OwnedSegment> renew(Lease lease) {
        whileRenewing.run();
        return owned;
    }

    @Override
    public void leave(UUID node) {}

    @Override
    public List<Checkpoint> advanceAll(List<Checkpoint> held, List<GlobalPosition> reached) {
        failIfToldTo();
        return isLocked ? List.of() : List.of(advance(held.get(0), reached.get(0)));
    }

    @Override
    public List<ParkedEvent> parked(ParkedQuery query) {
        throw new AssertionError("no runner lists");
    }

    @Override
    public void lock(SegmentId segment) {
        throw new AssertionError("no runner locks");
    }

    @Override
    public boolean unpark(ParkedEvent event) {
        throw new AssertionError("no runner unparks");
    }

    @Override
    public void failedAgain(ParkedEvent event, String error) {
        throw new AssertionError("no runner retries");
    }

    @Override
    public boolean discard(ParkedEvent event, String reason) {
        throw new AssertionError("no runner discards");
    }

    @Override
    public List<SegmentState> segments(String subscription) {
        throw new AssertionError("no runner asks");
    }
}
