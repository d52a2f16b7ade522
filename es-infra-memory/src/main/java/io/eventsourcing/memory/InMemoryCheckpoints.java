package io.eventsourcing.memory;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Lease;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.Parking;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentLostException;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.core.subscription.Sequencing;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Keeps checkpoints, leases and parked events in memory, with every behaviour of the database except survival and rollback.
 *
 * <p>Made for unit tests: it starts at once, and needs nothing closed. Several nodes of one process may share it. Thread-safe.
 */
public final class InMemoryCheckpoints implements CheckpointPort {

    private static final int MAX_REASON = 1_000;

    private final StoredCheckpoints stored;
    private final SegmentLocks locks = new SegmentLocks();

    /** Knows no subscriptions yet; leases end by the system's clock. */
    public InMemoryCheckpoints() {
        this(Clock.systemUTC());
    }

    /**
     * Knows no subscriptions yet.
     *
     * @param clock tells when leases end, and when an event was parked
     */
    public InMemoryCheckpoints(Clock clock) {
        this.stored = new StoredCheckpoints(clock);
    }

    @Override
    public void register(String subscription, Sequencing sequencing, Supplier<GlobalPosition> start) {
        stored.register(subscription, sequencing, start);
    }

    @Override
    public List<OwnedSegment> renew(Lease lease) {
        return stored.renew(lease);
    }

    @Override
    public void release(List<Checkpoint> reached) {
        reached.forEach(checkpoint -> locks.holding(checkpoint.segment(), () -> {
            stored.release(checkpoint);
            return checkpoint;
        }));
    }

    @Override
    public void leave(UUID node) {
        stored.leave(node);
    }

    /**
     * Runs the work. An error undoes nothing but what was written to {@link InMemoryReadModels}, and ends the locks as the end of the work
     * does.
     */
    @Override
    public <T> T inTransaction(Supplier<T> work) {
        return locks.inTransaction(work);
    }

    /** Does something when the transaction of this thread commits; at once if there is none. */
    void atCommit(Runnable action) {
        locks.atCommit(action);
    }

    /** Does something when the transaction of this thread is over; at once if there is none. */
    void atEnd(Runnable action) {
        locks.atEnd(action);
    }

    @Override
    public Checkpoint advance(Checkpoint held, GlobalPosition reached) {
        return locks.holding(held.segment(), () -> stored.advance(held, reached))
                .orElseThrow(() -> new SegmentLostException(held));
    }

    @Override
    public List<Checkpoint> advanceAll(List<Checkpoint> held, List<GlobalPosition> reached) {
        return IntStream.range(0, held.size())
                .mapToObj(i -> locks.ifFree(held.get(i).segment(), () -> stored.advance(held.get(i), reached.get(i))))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public Optional<Checkpoint> park(Checkpoint held, Parking parking) {
        return locks.holding(held.segment(), () -> stored.park(held, parking));
    }

    @Override
    public Set<String> parkedKeys(SegmentId segment) {
        return stored.parkedOf(segment, StoredParkedEvents::keys).orElse(Set.of());
    }

    @Override
    public List<ParkedEvent> parked(ParkedQuery query) {
        return stored.parked(query);
    }

    /** {@inheritDoc} Outside of {@link #inTransaction} it throws {@link IllegalStateException}. */
    @Override
    public void lock(SegmentId segment) {
        locks.holdUntilTheTransactionEnds(segment);
    }

    @Override
    public boolean unpark(ParkedEvent event) {
        return stored.parkedOf(event.segment(), parked -> parked.remove(event)).orElse(false);
    }

    @Override
    public void failedAgain(ParkedEvent event, String error) {
        stored.parkedOf(event.segment(), parked -> parked.failedAgain(event, error));
    }

    @Override
    public boolean discard(ParkedEvent event, String reason) {
        if (reason.isEmpty() || reason.length() > MAX_REASON) {
            throw new IllegalArgumentException("The reason for discarding an event has " + reason.length()
                    + " characters. The event still waits. Give 1 to " + MAX_REASON + ".");
        }
        return stored.parkedOf(event.segment(), parked -> parked.discard(event, reason))
                .orElse(false);
    }

    @Override
    public List<SegmentState> segments(String subscription) {
        return stored.segments(subscription);
    }
}
