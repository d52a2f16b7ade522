package io.eventsourcing.core.command;

import io.eventsourcing.core.stream.StreamId;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker asks for.
 *
 * @param worker what people call the node, such as host and process id
 * @param limit how many commands at most, each of another stream; 1 or more
 * @param lease for how long it holds them unless it asks for more time, by the clock of the store
 * @param types the names of the types that it handles, each with the highest schema version that it knows; others stay for the workers that
 *     know them
 * @param stream only the next command of this stream; null for those of all streams and tenants
 */
public record ClaimRequest(
        String worker,
        int limit,
        Duration lease,
        Map<String, Integer> types,
        @Nullable StreamId stream) {

    /**
     * Checks the sizes, and copies the types.
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    public ClaimRequest {
        types = Map.copyOf(types);
        if (limit < 1 || lease.toMillis() < 1) {
            throw new IllegalArgumentException("A worker asks for " + limit + " commands for " + lease.toMillis()
                    + " ms. Nothing was taken. Ask for one at least, and for 1 ms.");
        }
    }
}
