package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogPage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on one segment for as long as this node owns it: takes what was read in order, has it handled, and moves the checkpoint. At
 * most one thread at a time works on it.
 *
 * <p>Whatever happens that is no event's fault, the runner ends, and the next renewal of the lease makes another one from the
 * checkpoint in the store: nothing is assumed about a transaction whose end is not known.
 */
final class SegmentRunner {

    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentRunner.class);

    private enum State {
        /** Nothing to do, or not yet. */
        IDLE,
        /** A thread works on it, or will soon. */
        BUSY,
        /** Until a failed event is tried again. */
        PAUSING,
        /** Over; nothing is done any more. */
        ENDED
    }

    private final Subscription subscription;
    private final HandlerCall handler;
    private final CheckpointPort checkpoints;
    private final SegmentOwner owner;
    private final SegmentQueue queue;
    private final Set<String> parkedKeys = new HashSet<>();
    private boolean knowsParkedKeys;

    /** Guarded by this, as is what follows. */
    private State state = State.IDLE;

    private boolean isLeaving;
    private Checkpoint held;
    private @Nullable String problem;

    /** Only the thread that works uses these; events up to the position are handled one by one. */
    private GlobalPosition carefulUntil = GlobalPosition.START;

    private int failures;

    /** When the work of now is over, the failed event is tried again after so long; -1 if there is none. */
    private long pauseNanos = -1;

    /** Guarded by this: a timer will look whether the first event has waited long enough. */
    private boolean isLingering;

    SegmentRunner(Subscription subscription, CheckpointPort checkpoints, OwnedSegment owned, SegmentOwner owner) {
        this.subscription = subscription;
        this.handler = new HandlerCall(subscription.handler());
        this.checkpoints = checkpoints;
        this.owner = owner;
        this.held = owned.checkpoint();
        this.knowsParkedKeys = !owned.hasParked();
        this.queue = new SegmentQueue(held.position(), Math.max(100, 2 * subscription.batchSize()));
    }

    int number() {
        return held().segment().number();
    }

    synchronized Checkpoint held() {
        return held;
    }

    GlobalPosition readTo() {
        return queue.readTo();
    }

    boolean wantsMore(long growth) {
        return !isOver() && queue.wantsMore(growth);
    }

    private synchronized boolean isOver() {
        return isLeaving || state == State.ENDED;
    }

    /** Takes what was read. */
    void offer(GlobalPosition from, LogPage page, List<Routed> entries, long end) {
        queue.offer(from, page.position(), entries, end);
        schedule();
    }

    /** Has a thread work if there is something to do. */
    void schedule() {
        long linger;
        synchronized (this) {
            if (state != State.IDLE || isLeaving || queue.size() == 0) {
                return;
            }
            linger = queue.size() >= subscription.batchSize()
                    ? 0
                    : subscription.linger().toNanos() - queue.waitedNanos();
            if (linger > 0 && isLingering) {
                return;
            }
            isLingering = linger > 0;
            state = linger > 0 ? State.IDLE : State.BUSY;
        }
        if (linger > 0) {
            owner.later(this::lingered, linger);
        } else {
            owner.work(this::work);
        }
    }

    private void lingered() {
        synchronized (this) {
            isLingering = false;
        }
        schedule();
    }

    private void work() {
        try {
            if (!isOver() && owner.isLeaseValid()) {
                next();
            }
        } catch (Throwable e) { // whatever it is, the segment must not stay busy for ever
            failed(e, List.of());
        }
        if (!owner.isLeaseValid()) {
            end();
        }
        finished();
    }

    /** The last thing that a thread does; from here on another one may work on the segment. */
    private void finished() {
        long pause = pauseNanos;
        pauseNanos = -1;
        boolean leaves;
        synchronized (this) {
            leaves = isLeaving && state == State.BUSY;
            if (state == State.BUSY && !leaves) {
                state = pause >= 0 ? State.PAUSING : State.IDLE;
            }
        }
        if (leaves) {
            leave();
        } else if (pause >= 0) {
            owner.later(this::resume, pause);
            owner.readMore();
        } else {
            owner.readMore();
            schedule();
        }
    }

    private void next() {
        if (!knowsParkedKeys) {
            parkedKeys.addAll(checkpoints.parkedKeys(held().segment()));
            knowsParkedKeys = true;
        }
        List<Routed> first = queue.first(subscription.batchSize());
        if (first.isEmpty()) {
            return;
        }
        if (parkedKeys.contains(first.get(0).key())) {
            parkBehind(first.get(0));
            return;
        }
        int count = 1;
        while (count < first.size()
                && first.get(count).position().compareTo(carefulUntil) > 0
                && first.get(0).position().compareTo(carefulUntil) > 0
                && !parkedKeys.contains(first.get(count).key())) {
            count++;
        }
        List<Routed> batch = first.subList(0, count);
        try {
            handle(batch);
        } catch (RuntimeException | LinkageError e) {
            failed(e, batch);
        }
    }

    private void handle(List<Routed> batch) {
        List<LogEntry> entries = batch.stream().map(Routed::entry).toList();
        if (subscription.delivery() == Delivery.IN_TRANSACTION) {
            int[] handled = new int[1];
            Checkpoint[] reached = new Checkpoint[1];
            Checkpoint before = held();
            checkpoints.inTransaction(() -> {
                handled[0] = handler.handle(entries);
                reached[0] =
                        checkpoints.advance(before, batch.get(handled[0] - 1).position());
            });
            moved(reached[0], handled[0]);
        } else {
            advanceOver(batch, handler.handle(entries));
        }
    }

    private void advanceOver(List<Routed> batch, int handled) {
        if (handled > 0) {
            moved(checkpoints.advance(held(), batch.get(handled - 1).position()), handled);
        }
    }

    private void moved(Checkpoint reached, int handled) {
        queue.remove(handled);
        failures = 0;
        synchronized (this) {
            held = reached;
            problem = null;
        }
        owner.recovered();
    }

    private void failed(Throwable error, List<Routed> batch) {
        Failure failure = Failure.of(error);
        note(error);
        switch (failure) {
            case LOST -> end();
            case UNAVAILABLE -> {
                owner.report(error);
                end();
            }
            case CONFIGURATION -> owner.stop(error);
            case EVENT -> {
                if (batch.isEmpty()) { // not of an event after all
                    owner.report(error);
                    end();
                } else {
                    isolate(error, batch);
                }
            }
        }
    }

    /** Finds the event that failed, and tries it again, or parks it. */
    private void isolate(Throwable error, List<Routed> batch) {
        int index = error instanceof HandlerFailedException handlerFailed ? handlerFailed.index() : -1;
        try {
            if (index > 0 && subscription.delivery() == Delivery.AT_LEAST_ONCE) {
                advanceOver(batch, index);
                note(error);
                carefulUntil = batch.get(index).position();
                tryAgain(error, batch.get(index));
            } else if (batch.size() == 1 || index == 0) {
                carefulUntil = batch.get(0).position();
                tryAgain(error, batch.get(0));
            } else {
                carefulUntil = batch.get(index < 0 ? batch.size() - 1 : index).position();
            }
        } catch (RuntimeException e) {
            failed(e, List.of());
        }
    }

    private void tryAgain(Throwable error, Routed event) {
        failures++;
        if (failures >= subscription.retry().attempts()) {
            park(error, event);
            return;
        }
        pauseNanos = subscription.retry().pauseAfter(failures).toNanos();
    }

    private void resume() {
        synchronized (this) {
            if (state != State.PAUSING) {
                return;
            }
            state = State.IDLE;
        }
        schedule();
    }

    private void park(Throwable error, Routed event) {
        Parking parking = new Parking(event.entry().stored(), event.key(), failures, Failure.describe(error));
        checkpoints.park(held(), parking).ifPresent(reached -> moved(reached, 1));
        parkedKeys.add(event.key());
        LOGGER.warn(
                "Subscription '{}' could not handle the {} in {} attempts. It is parked, and so are all later ones with the sequencing"
                        + " key '{}', until it is retried or discarded; the others go on.",
                subscription.name(),
                event.entry(),
                parking.attempts(),
                event.key(),
                error.getCause() == null ? error : error.getCause());
    }

    /** If a retry has emptied the queue of the key meanwhile, the event is handled next. */
    private void parkBehind(Routed event) {
        checkpoints
                .park(held(), new Parking(event.entry().stored(), event.key(), 0, null))
                .ifPresentOrElse(reached -> moved(reached, 1), () -> parkedKeys.remove(event.key()));
    }

    private synchronized void note(Throwable error) {
        problem = Failure.describe(error);
    }

    private void end() {
        synchronized (this) {
            state = State.ENDED;
        }
        owner.ended(this);
    }

    /** The segment belongs to somebody else: nothing is done any more, except to let a call of the handler return. */
    synchronized void drop() {
        state = State.ENDED;
    }

    /** Finishes what is being handled, and gives the segment up. */
    void giveUp() {
        synchronized (this) {
            isLeaving = true;
            if (state != State.IDLE && state != State.PAUSING) {
                return;
            }
            state = State.BUSY;
        }
        owner.work(this::finished);
    }

    private void leave() {
        try {
            checkpoints.release(List.of(held().at(reached())));
        } catch (RuntimeException e) {
            owner.report(e); // it is still ours: the next renewal brings it back
        }
        end();
    }

    /** How far the segment has come, where it need not have noted it. */
    GlobalPosition reached() {
        Checkpoint last = held();
        GlobalPosition handled = queue.handledTo();
        return handled == null ? last.position() : max(handled, last.position());
    }

    private static GlobalPosition max(GlobalPosition one, GlobalPosition other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Where to move the checkpoint of a segment that has been quiet; null if there is nothing to note. Then call {@link #noted}. */
    @Nullable
    GlobalPosition toNote() {
        synchronized (this) {
            GlobalPosition reached = queue.handledTo();
            if (state != State.IDLE || isLeaving || reached == null || reached.compareTo(held.position()) <= 0) {
                return null;
            }
            state = State.BUSY;
            return reached;
        }
    }

    /** The checkpoint was moved, or the segment lost. */
    void noted(@Nullable Checkpoint moved) {
        synchronized (this) {
            if (moved != null) {
                held = moved;
            }
        }
        if (moved == null) {
            end();
        }
        finished();
    }

    synchronized boolean isWorking() {
        return state == State.BUSY;
    }

    synchronized SegmentStatus status() {
        return new SegmentStatus(held.segment().number(), reached(), queue.size(), problem);
    }
}
