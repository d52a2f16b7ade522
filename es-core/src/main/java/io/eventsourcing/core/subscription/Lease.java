package io.eventsourcing.core.subscription;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * What a node asks for, again and again, to own segments.
 *
 * @param node the identity of the node, new at each start
 * @param name what people call it, such as host and process id; at most 200 characters
 * @param subscriptions the names of the subscriptions that it runs
 * @param leaving the names of those that it is about to leave: it keeps what it owns of them, to finish it, and takes no more, and
 *     the others share them without it
 * @param duration for how long it owns its segments unless it asks again, by the clock of the store
 */
public record Lease(UUID node, String name, Set<String> subscriptions, Set<String> leaving, Duration duration) {

    /** Copies the names. */
    public Lease {
        subscriptions = Set.copyOf(subscriptions);
        leaving = Set.copyOf(leaving);
    }

    /**
     * Whether the node keeps what it owns of a subscription.
     *
     * @param subscription its name
     * @return true if it runs it, or is leaving it
     */
    public boolean covers(String subscription) {
        return subscriptions.contains(subscription) || leaving.contains(subscription);
    }
}
