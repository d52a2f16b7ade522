package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import org.jspecify.annotations.Nullable;

/**
 * Which parked events are wanted.
 *
 * @param subscription the name of the subscription
 * @param key the sequencing key; null for all
 * @param after the position after which to look
 * @param limit how many at most, from 1 to 10,000
 */
public record ParkedQuery(String subscription, @Nullable String key, GlobalPosition after, int limit) {

    /**
     * Checks the limit.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public ParkedQuery {
        if (limit < 1 || limit > 10_000) {
            throw new IllegalArgumentException(
                    "The limit of a list of parked events is " + limit + ". Nothing was read. Give 1 to 10000.");
        }
    }
}
