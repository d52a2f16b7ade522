package io.eventsourcing.core.command;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a command is to be handled, by the clock of the store: after a delay from when it is stored, or at a time.
 *
 * @param delay the delay; zero where there is a time
 * @param time the time; null where there is only a delay
 */
public record Due(Duration delay, @Nullable Instant time) {

    /** As soon as possible. */
    public static final Due NOW = new Due(Duration.ZERO, null);

    /**
     * Checks the delay.
     *
     * @throws IllegalArgumentException if it is negative, or longer than 100 years
     */
    public Due {
        if (delay.isNegative() || delay.toDays() > 36_500) {
            throw new IllegalArgumentException(
                    "The delay of a command is " + delay + ". It was not stored. Give zero to 100 years.");
        }
    }

    /**
     * After a delay.
     *
     * @param delay from when it is stored
     * @return when it is due
     */
    public static Due in(Duration delay) {
        return new Due(delay, null);
    }

    /**
     * At a time; at once if that is over.
     *
     * @param time the time
     * @return when it is due
     */
    public static Due at(Instant time) {
        return new Due(Duration.ZERO, time);
    }
}
