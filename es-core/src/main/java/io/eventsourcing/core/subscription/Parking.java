package io.eventsourcing.core.subscription;

import io.eventsourcing.core.serialization.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event that is to be parked.
 *
 * @param event the event
 * @param key its sequencing key
 * @param attempts how often it was handled in vain; 0 if it is to wait for an earlier one
 * @param error the class and message of the last error, at most 2,000 characters; null if it is to wait for an earlier one
 */
public record Parking(
        StoredEvent event,
        String key,
        int attempts,
        @Nullable String error) {

    /** Whether it is only to be parked if another event with its key is. */
    public boolean isBehindAnother() {
        return error == null;
    }
}
