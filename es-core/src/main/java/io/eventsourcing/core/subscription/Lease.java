package io.eventsourcing.core.subscription;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What a node asks for, again and again, to own segments.
 *
 * @param node the identity of the node, new at each start
 * @param name what people call it, such as host and process id; at most 200 characters
 * @param subscriptions the names of the subscriptions that it runs, each with the types of events that it looks for; none for all types
 * @param leaving the names of those that it is about to leave: it keeps what it owns of them, to finish it, and takes no more, and
 *     the others share them without it
 * @param duration for how long it owns its segments unless it asks again, by the clock of the store
 */
public record Lease(
        UUID node, String name, Map<String, Set<String>> subscriptions, Set<String> leaving, Duration duration) {

    /** Copies the names. */
    public Lease {
        Map<String, Set<String>> copies = new HashMap<>();
        subscriptions.forEach((subscription, types) -> copies.put(subscription, Set.copyOf(types)));
        subscriptions = Map.copyOf(copies);
        leaving = Set.copyOf(leaving);
    }

    /**
     * Whether the node keeps what it owns of a subscription.
     *
     * @param subscription its name
     * @return true if it runs it, or is leaving it
     */
    public boolean covers(String subscription) {
        return subscriptions.containsKey(subscription) || leaving.contains(subscription);
    }

    /**
     * Whether another node that runs the subscription as well looks for all types of events that this one looks for, and more: then that
     * one is of a newer version in a rolling deployment, and this one would pass the events of those types by, for both.
     *
     * @param other what the other node asks for
     * @param subscription the name of the subscription
     * @return true if this one is to leave its segments to the other
     */
    public boolean isOutdatedBy(Lease other, String subscription) {
        Set<String> own = subscriptions.get(subscription);
        Set<String> others = other.subscriptions.get(subscription);
        if (own == null || others == null || own.isEmpty()) {
            return false;
        }
        return others.isEmpty() || (others.containsAll(own) && !own.containsAll(others));
    }
}
