package io.eventsourcing.core.command;

import io.eventsourcing.core.subscription.RetryPolicy;
import java.time.Duration;

/**
 * How commands are handled.
 *
 * @param conflicts how often a command is decided on when others are faster each time, and the pauses between, of which a random part is
 *     waited
 * @param queueFor for how long a command waits for others of this node to the same stream, before it goes on beside them
 */
public record CommandSettings(RetryPolicy conflicts, Duration queueFor) {

    /** Up to 20 times within a few seconds, and ten seconds in the queue. */
    public static final CommandSettings DEFAULT = new CommandSettings(
            new RetryPolicy(20, Duration.ofMillis(2), Duration.ofMillis(500)), Duration.ofSeconds(10));
}
