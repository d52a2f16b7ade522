package io.eventsourcing.core.subscription;

import java.util.Optional;

/**
 * What became of a retry of parked events.
 *
 * @param handled how many were handled, and wait no more; an event that has been deleted since waits no more either, and is not counted
 * @param failed the event that failed again, with its new error; it and those behind it wait still
 */
public record RetryResult(int handled, Optional<ParkedEvent> failed) {

    /**
     * Whether nothing waits any more.
     *
     * @return true if all were handled
     */
    public boolean isComplete() {
        return failed.isEmpty();
    }
}
