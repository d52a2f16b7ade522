package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Keeps what subscriptions share between nodes and across restarts: how far each segment has come, who owns it, and which events
 * are parked.
 *
 * <p>A node owns segments while its lease lasts, by the clock of the store. Each change of hands raises the segment's fencing
 * token, and a checkpoint moves only for the current token of a lease that lasts, from exactly the position that its owner holds:
 * so a batch counts once, whoever wakes late or repeats a call.
 *
 * <p>Thread-safe. Besides what is said for each, methods throw {@link io.eventsourcing.core.event.TransientStoreException},
 * {@link io.eventsourcing.core.event.EventStoreUnavailableException} and
 * {@link io.eventsourcing.core.event.EventStoreRefusedException}.
 */
public interface CheckpointPort {

    /**
     * Makes a subscription known. If it is already, this changes nothing, and the start is not asked for.
     *
     * @param subscription its name
     * @param sequencing how it is divided
     * @param start where a new one starts
     * @throws SubscriptionMismatchException if the known one is divided differently
     */
    void register(String subscription, Sequencing sequencing, Supplier<GlobalPosition> start);

    /**
     * Renews the lease of a node, and gives it its share of the segments of its subscriptions: as many as each other node that has a
     * lease on them, give or take one. It takes only segments that nobody owns; who has more than his share is told to release some. A
     * node that is {@link Lease#isOutdatedBy outdated} has no share, and what it owns is free.
     * Of subscriptions that it is leaving it keeps what it has, all of it surplus; what it has of any other is free. A lease that was
     * over begins anew, with new tokens.
     *
     * @param lease who asks, and for how long
     * @return all segments that the node owns now
     */
    List<OwnedSegment> renew(Lease lease);

    /**
     * Gives segments up, at the positions that were reached, so that others may take them. Those that are not owned any more are left
     * alone.
     *
     * @param reached the checkpoints, each with the position to keep, at or above the one in the store
     */
    void release(List<Checkpoint> reached);

    /**
     * Ends the lease of a node. Its segments are free at once.
     *
     * @param node the node
     */
    void leave(UUID node);

    /**
     * Runs work in a transaction of its own: what the work writes to the same database, and calls of the methods here within it, are
     * committed together, or not at all if it throws. One that the caller has begun goes on afterwards. Where the store knows no
     * transactions, as in memory, the work simply runs.
     *
     * @param work what to do
     * @param <T> what it answers
     * @return its answer
     */
    <T> T inTransaction(Supplier<T> work);

    /**
     * {@link #inTransaction(Supplier)} for work that answers nothing.
     *
     * @param work what to do
     */
    default void inTransaction(Runnable work) {
        inTransaction(() -> {
            work.run();
            return true;
        });
    }

    /**
     * Moves a checkpoint; within {@link #inTransaction}, together with what else is done there.
     *
     * @param held the checkpoint as its owner holds it
     * @param reached the position to move to, above the one that is held
     * @return the checkpoint to hold from now on
     * @throws SegmentLostException if the owner is not the owner any more, or the checkpoint is at another position
     */
    Checkpoint advance(Checkpoint held, GlobalPosition reached);

    /**
     * Moves several checkpoints of segments in which nothing was to be handled. Waits for nobody: those that are locked at the moment
     * are left alone, and so are those that are not owned any more.
     *
     * @param held the checkpoints as their owner holds them
     * @param reached the positions, one for each
     * @return the checkpoints that were moved, at their new positions
     */
    List<Checkpoint> advanceAll(List<Checkpoint> held, List<GlobalPosition> reached);

    /**
     * Parks an event and moves the checkpoint to it, in one transaction. An event {@link Parking#isBehindAnother() behind another} is
     * only parked if one with its key still waits; otherwise nothing happens, and it has to be handled.
     *
     * @param held the checkpoint as its owner holds it
     * @param parking the event
     * @return the checkpoint to hold from now on; empty if the event was not parked
     * @throws SegmentLostException if the owner is not the owner any more, or the checkpoint is at another position
     */
    Optional<Checkpoint> park(Checkpoint held, Parking parking);

    /**
     * The sequencing keys of a segment for which events wait.
     *
     * @param segment the segment
     * @return the keys
     */
    Set<String> parkedKeys(SegmentId segment);

    /**
     * Lists the events that wait.
     *
     * @param query which ones
     * @return the events, in the order of their positions
     */
    List<ParkedEvent> parked(ParkedQuery query);

    /**
     * Locks a segment until the transaction around it ends: nobody moves its checkpoint or parks an event meanwhile. Call it first
     * within {@link #inTransaction}.
     *
     * @param segment the segment
     */
    void lock(SegmentId segment);

    /**
     * Takes a parked event out of its queue, because it is handled or its event is gone; within a transaction that has
     * {@link #lock locked} the segment.
     *
     * @param event the event
     * @return whether it was waiting
     */
    boolean unpark(ParkedEvent event);

    /**
     * Notes that a parked event was handled in vain once more.
     *
     * @param event the event
     * @param error the class and message of the error
     */
    void failedAgain(ParkedEvent event, String error);

    /**
     * Takes a parked event out of its queue for good, unhandled; within a transaction that has {@link #lock locked} the segment. The
     * reason is kept with it.
     *
     * @param event the event
     * @param reason why, for those who ask later; 1 to 1,000 characters
     * @return whether it was waiting
     */
    boolean discard(ParkedEvent event, String reason);

    /**
     * How far the segments of a subscription have come.
     *
     * @param subscription its name
     * @return its segments, by number; empty if it is not known
     */
    List<SegmentState> segments(String subscription);
}
