package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogPage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the work on one segment for as long as this node owns it: takes what was read in order, and decides when a thread works on it.
 * At most one thread at a time does.
 *
 * <p>Whatever happens that is no event's fault, the runner ends, and the next renewal of the lease makes another one from the
 * checkpoint in the store: nothing is assumed about a transaction whose end is not known.
 */
final class SegmentRunner {

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
    private final CheckpointPort checkpoints;
    private final SegmentHost host;
    private final SegmentQueue queue;
    private final SegmentWork work;

    /** A batch with effects outside may take long; one that takes this long hangs, as far as anybody can tell. */
    private static final Duration HANGS = Duration.ofMinutes(5);

    private static final Duration UNANSWERED = Duration.ofSeconds(10);

    private final Activity handling = new Activity();
    private final Activity releasing = new Activity();
    private volatile boolean hasParked;

    /** Guarded by this, as is what follows. */
    private State state = State.IDLE;

    private boolean isLeaving;

    /** A timer will look whether the first event has waited long enough, also if a full batch did not wait for it. */
    private boolean isLingering;

    SegmentRunner(Subscription subscription, CheckpointPort checkpoints, OwnedSegment owned, SegmentHost host) {
        this.subscription = subscription;
        this.checkpoints = checkpoints;
        this.host = host;
        this.queue = new SegmentQueue(owned.checkpoint().position(), Math.max(100, 2 * subscription.batchSize()));
        this.work = new SegmentWork(subscription, checkpoints, owned, queue);
        this.hasParked = owned.hasParked();
    }

    int number() {
        return held().segment().number();
    }

    Checkpoint held() {
        return work.held();
    }

    /** What the lease was told about its parked events. */
    void noteParked(boolean areThere) {
        hasParked = areThere;
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
        if (page.isLast() && queue.size() == 0) {
            host.recovered(name()); // with nothing to be handled, no batch would tell
        }
        schedule();
    }

    /** The segment in the status. */
    private String name() {
        return nameOf(number());
    }

    static String nameOf(int number) {
        return "segment " + number;
    }

    /** Has a thread work if there is something to do. */
    private void schedule() {
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
            if (linger > 0) {
                isLingering = true;
            } else {
                state = State.BUSY;
            }
        }
        if (linger > 0) {
            host.later(this::lingered, linger);
        } else {
            host.work(this::work);
        }
    }

    private void lingered() {
        synchronized (this) {
            isLingering = false;
        }
        schedule();
    }

    private void work() {
        Duration pause = Duration.ZERO;
        handling.begins();
        try {
            if (!isOver() && host.isLeaseValid()) {
                pause = work.next();
                if (pause.isZero()) {
                    host.recovered(name());
                }
            }
        } catch (HandlerUnavailableException e) {
            host.report(name(), e);
            pause = e.pause();
        } catch (Throwable e) { // whatever it is, the segment must not stay busy for ever
            failed(e);
        } finally {
            handling.ends();
        }
        if (!host.isLeaseValid()) {
            end();
        }
        finished(pause);
    }

    private void failed(Throwable error) {
        switch (Failure.of(error)) {
            case LOST -> end();
            case CONFIGURATION -> host.stop(error);
            case UNAVAILABLE, EVENT -> { // of no event after all, or it would have been parked
                host.report(name(), error);
                end();
            }
        }
    }

    /** The last thing that a thread does; from here on another one may work on the segment. */
    private void finished(Duration pause) {
        boolean leaves;
        synchronized (this) {
            leaves = isLeaving && state == State.BUSY;
            if (state == State.BUSY && !leaves) {
                state = pause.toNanos() > 0 ? State.PAUSING : State.IDLE;
            }
        }
        if (leaves) {
            leave();
            return;
        }
        host.readMore();
        if (pause.toNanos() > 0) {
            host.later(this::resume, pause.toNanos());
        } else {
            schedule();
        }
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

    /** Begins anew from the checkpoint in the store, when the lease is renewed. */
    void end() {
        drop();
        host.ended(this);
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
        host.work(() -> finished(Duration.ZERO));
    }

    private void leave() {
        releasing.begins();
        try {
            checkpoints.release(List.of(held().at(work.reached())));
        } catch (RuntimeException | Error e) {
            host.report(name(), e); // it is still ours: the next renewal brings it back
        } finally {
            releasing.ends();
        }
        end();
    }

    /**
     * Begins to note how far a quiet segment has come; {@link #endNote} must follow.
     *
     * @return where to move its checkpoint; null if it is not quiet, or there is nothing to note
     */
    synchronized @Nullable GlobalPosition beginNote() {
        GlobalPosition reached = queue.handledTo();
        if (state != State.IDLE || isLeaving || reached == null || reached.compareTo(held().position()) <= 0) {
            return null;
        }
        state = State.BUSY;
        return reached;
    }

    /**
     * Ends what {@link #beginNote} has begun.
     *
     * @param noted the checkpoint as it stands now, moved or not; null if that is not known
     */
    void endNote(@Nullable Checkpoint noted) {
        if (noted == null) {
            end();
        } else {
            work.holds(noted);
        }
        finished(Duration.ZERO);
    }

    /** What hangs, and so reports nothing; null if nothing does. */
    @Nullable
    String hangs() {
        String text = Activity.problem("A batch of " + name() + " has been handled", handling.lasting(), HANGS);
        return text == null
                ? Activity.problem(
                        "The store has not answered that " + name() + " is given up", releasing.lasting(), UNANSWERED)
                : text;
    }

    SegmentProgress progress() {
        return new SegmentProgress(
                number(), work.reached(), queue.size(), hasParked, handling.lasting(), work.problem());
    }
}
