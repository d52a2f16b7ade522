package io.eventsourcing.core.snapshot;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Decides after a command whether the state is kept as a snapshot. Combine policies with {@link #or}. Thread-safe.
 */
@FunctionalInterface
public interface SnapshotPolicy {

    /**
     * Whether a snapshot is taken.
     *
     * @param occasion what was loaded, and what is appended
     * @return true to take one
     */
    boolean isDue(SnapshotOccasion occasion);

    /**
     * No snapshots.
     *
     * @return the policy
     */
    static SnapshotPolicy never() {
        return occasion -> false;
    }

    /**
     * When so many events are not in the latest snapshot, those that are appended included.
     *
     * @param events 1 or more
     * @return the policy
     */
    static SnapshotPolicy everyEvents(int events) {
        if (events < 1) {
            throw new IllegalArgumentException(
                    "A snapshot after every " + events + " events cannot be taken. Give 1 or more.");
        }
        return occasion -> occasion.eventsSinceSnapshot() >= events;
    }

    /**
     * When it took longer to load the state.
     *
     * @param limit the longest time that needs no snapshot
     * @return the policy
     */
    static SnapshotPolicy whenLoadingTookLongerThan(Duration limit) {
        return occasion -> occasion.loadingTook().compareTo(limit) > 0;
    }

    /**
     * When one of the events that are appended is such.
     *
     * @param wanted whether the payload of an event is such
     * @return the policy
     */
    static SnapshotPolicy whenEvent(Predicate<Object> wanted) {
        return occasion -> occasion.appended().stream().anyMatch(wanted);
    }

    /**
     * When this or another policy says so.
     *
     * @param other the other policy
     * @return the policy
     */
    default SnapshotPolicy or(SnapshotPolicy other) {
        return occasion -> isDue(occasion) || other.isDue(occasion);
    }
}
