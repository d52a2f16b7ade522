package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import org.jspecify.annotations.Nullable;

/**
 * What the events at the head of a segment's queue have failed with since its checkpoint moved. One thread at a time changes it; any
 * thread may ask for the problem.
 */
final class BatchFailure {

    /** Events up to here are handled one by one, because a batch of them failed. */
    private GlobalPosition carefulUntil = GlobalPosition.START;

    private int attempts;
    private int waits;
    private volatile @Nullable String problem;

    /** How often the first event has failed. */
    int attempts() {
        return attempts;
    }

    /** What the first event fails with; null if it has not failed. */
    @Nullable
    String problem() {
        return problem;
    }

    /** How often what its handler needs was not available, which is no fault of the event. */
    int waits() {
        return waits;
    }

    boolean isCarefulAt(GlobalPosition position) {
        return position.compareTo(carefulUntil) <= 0;
    }

    void beCarefulUntil(GlobalPosition position) {
        carefulUntil = position;
    }

    void ofEvent(Throwable error) {
        attempts++;
        problem = Failure.describe(error);
    }

    void ofSomethingUnavailable(Throwable error) {
        waits++;
        problem = Failure.describe(error);
    }

    /** The checkpoint has moved, so that another event is the first one. */
    void isOver() {
        attempts = 0;
        waits = 0;
        problem = null;
    }
}
