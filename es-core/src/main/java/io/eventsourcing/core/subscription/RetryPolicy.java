package io.eventsourcing.core.subscription;

import java.time.Duration;

/**
 * How often an event is handled again after its handler failed, before it is parked. The pauses double. What the
 * handler needs and is away, such as a database, counts for nothing: it is tried again for ever, with these pauses, of 200 ms at least.
 *
 * @param attempts how often it is handled at most; 1 or more
 * @param firstPause the pause after the first failure
 * @param longestPause what the pauses grow to
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration longestPause) {

    /** Eight attempts within some 25 seconds. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(8, Duration.ofMillis(200), Duration.ofMinutes(1));

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException(
                    "The attempts of a retry policy cannot be less than 1, but are " + attempts + ".");
        }
        if (firstPause.isNegative() || firstPause.compareTo(longestPause) > 0) {
            throw new IllegalArgumentException(
                    "The first pause of a retry policy must be from zero to the longest one, but is " + firstPause
                            + " beside " + longestPause + ".");
        }
    }

    /**
     * The pause after so many failures.
     *
     * @param failures 1 or more
     * @return the pause
     */
    public Duration pauseAfter(int failures) {
        Duration pause = firstPause;
        for (int i = 1; i < failures && pause.compareTo(longestPause) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
}
