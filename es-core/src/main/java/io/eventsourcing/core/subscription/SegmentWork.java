package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogEntry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what waits in the queue of a segment handled, batch after batch, and moves the checkpoint. Finds the event that makes a batch
 * fail, tries it again, and parks it in the end, and behind it the later ones of its key.
 *
 * <p>One thread at a time calls {@link #next}; any thread may ask how far it is.
 */
final class SegmentWork {

    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentWork.class);

    /** When something outside comes back is not known, and it is asked for no more often than this. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(200);

    private final Subscription subscription;
    private final HandlerCall handler;
    private final CheckpointPort checkpoints;
    private final SegmentQueue queue;
    private final Set<String> parkedKeys = new HashSet<>();
    private boolean knowsParkedKeys;

    private final BatchFailure failure = new BatchFailure();
    private volatile Checkpoint held;

    SegmentWork(Subscription subscription, CheckpointPort checkpoints, OwnedSegment owned, SegmentQueue queue) {
        this.subscription = subscription;
        this.handler = new HandlerCall(subscription.handler());
        this.checkpoints = checkpoints;
        this.queue = queue;
        this.held = owned.checkpoint();
        this.knowsParkedKeys = !owned.hasParked();
    }

    /** The checkpoint as it stands in the store, as far as this node knows. */
    Checkpoint held() {
        return held;
    }

    /** The checkpoint was moved over events that are not the segment's; not while {@link #next} is at work. */
    void holds(Checkpoint moved) {
        held = moved;
    }

    /** How far everything is handled or parked, where it need not have been noted. */
    GlobalPosition reached() {
        GlobalPosition noted = held.position();
        GlobalPosition handled = queue.handledTo();
        return handled == null || handled.compareTo(noted) < 0 ? noted : handled;
    }

    /** What the first event in the queue fails with; null if it has not failed. */
    @Nullable
    String problem() {
        return failure.problem();
    }

    /**
     * Handles or parks what comes next.
     *
     * @return after how long to go on
     * @throws HandlerUnavailableException if the handler needs something that is not available now; the same events come next
     * @throws RuntimeException another error that is no event's fault, after which it is not known what was committed; so are
     *     errors that are not exceptions
     */
    Duration next() {
        learnParkedKeys();
        List<Routed> first = queue.first(subscription.batchSize());
        if (first.isEmpty()) {
            return Duration.ZERO;
        }
        if (parkedKeys.contains(first.get(0).key())) {
            parkBehind(first.get(0));
            return Duration.ZERO;
        }
        List<Routed> batch = first.subList(0, batchSize(first));
        try {
            handle(batch);
            return Duration.ZERO;
        } catch (HandlerFailedException e) {
            return failed(e, batch, e.index());
        } catch (RuntimeException e) {
            if (Failure.of(e) != Failure.EVENT) {
                throw e;
            }
            return isolate(e, batch, -1);
        }
    }

    private void learnParkedKeys() {
        if (!knowsParkedKeys) {
            parkedKeys.addAll(checkpoints.parkedKeys(held.segment()));
            knowsParkedKeys = true;
        }
    }

    private int batchSize(List<Routed> first) {
        if (failure.isCarefulAt(first.get(0).position())) {
            return 1;
        }
        int size = 1;
        while (size < first.size() && !parkedKeys.contains(first.get(size).key())) {
            size++;
        }
        return size;
    }

    private void handle(List<Routed> batch) {
        List<LogEntry> entries = batch.stream().map(Routed::entry).toList();
        if (subscription.delivery() == Delivery.IN_TRANSACTION) {
            moved(checkpoints.inTransaction(() -> advance(batch, handler.handle(entries))));
        } else {
            moved(advance(batch, handler.handle(entries)));
        }
    }

    private Checkpoint advance(List<Routed> batch, int handled) {
        return checkpoints.advance(held, batch.get(handled - 1).position());
    }

    private void moved(Checkpoint reached) {
        queue.removeTo(reached.position());
        held = reached;
        failure.isOver();
    }

    private Duration failed(HandlerFailedException error, List<Routed> batch, int failed) {
        if (failed > 0 && subscription.delivery() == Delivery.AT_LEAST_ONCE) {
            moved(advance(batch, failed)); // those before it are handled
            return failed(error, batch.subList(failed, batch.size()), 0);
        }
        return switch (Failure.of(error)) {
            case EVENT -> isolate(error, batch, failed);
            case UNAVAILABLE -> throw new HandlerUnavailableException(pauseUntilAvailable(error), error);
            case LOST, CONFIGURATION -> throw error;
        };
    }

    private Duration pauseUntilAvailable(Throwable error) {
        failure.ofSomethingUnavailable(error);
        Duration pause = subscription.retry().pauseAfter(failure.waits());
        return pause.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : pause;
    }

    /** Finds the event that failed, and tries it again, or parks it. */
    private Duration isolate(Throwable error, List<Routed> batch, int failed) {
        if (failed == 0 || batch.size() == 1) {
            return tryAgain(error, batch.get(0));
        }
        failure.beCarefulUntil(batch.get(failed < 0 ? batch.size() - 1 : failed).position());
        return Duration.ZERO;
    }

    private Duration tryAgain(Throwable error, Routed event) {
        failure.beCarefulUntil(event.position());
        failure.ofEvent(error);
        if (failure.attempts() >= subscription.retry().attempts()) {
            park(error, event);
            return Duration.ZERO;
        }
        Duration pause = subscription.retry().pauseAfter(failure.attempts());
        if (failure.attempts() == 1) {
            LOGGER.warn(
                    "Subscription '{}' could not handle the {}. Its segment waits, and it is tried again, at most {} times in all, first in"
                            + " {} ms.",
                    subscription.name(),
                    event.entry(),
                    subscription.retry().attempts(),
                    pause.toMillis(),
                    Failure.ofHandler(error));
        }
        return pause;
    }

    private void park(Throwable error, Routed event) {
        Parking parking = new Parking(event.entry().stored(), event.key(), failure.attempts(), Failure.describe(error));
        checkpoints.park(held, parking).ifPresent(this::moved);
        parkedKeys.add(event.key());
        LOGGER.warn(
                "Subscription '{}' could not handle the {} in {} attempts. It is parked, and so are all later ones with the sequencing"
                        + " key '{}', until it is retried or discarded; the others go on.",
                subscription.name(),
                event.entry(),
                parking.attempts(),
                event.key(),
                Failure.ofHandler(error));
    }

    /** If a retry has emptied the queue of the key meanwhile, the event is handled next. */
    private void parkBehind(Routed event) {
        checkpoints
                .park(held, new Parking(event.entry().stored(), event.key(), 0, null))
                .ifPresentOrElse(this::moved, () -> parkedKeys.remove(event.key()));
    }
}
