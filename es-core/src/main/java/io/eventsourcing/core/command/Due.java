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

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /**
     * Checks the delay and the time.
     *
     * @throws IllegalArgumentException if the delay is negative, or longer than 100 years, or the time is not within the years 1 to 9999
     */
    public Due {
        if (delay.isNegative() || delay.toDays() > 36_500) {
            throw new IllegalArgumentException(
                    "The delay of a command is " + delay + ". It was not stored. Give zero to 100 years.");
        }
        if (time != null && (time.isBefore(EARLIEST) || time.isAfter(LATEST))) {
            throw new IllegalArgumentException("The time at which a command is due is " + time
                    + ". It was not stored. Give one of the years 1 to 9999.");
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
