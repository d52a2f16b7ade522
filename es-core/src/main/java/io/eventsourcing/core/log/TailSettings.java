package io.eventsourcing.core.log;

import java.time.Duration;

/**
 * How a {@link LogTail} works.
 *
 * @param capacity how many of the latest events it keeps; 1 or more. Fewer where they are large: at most 16 million characters
 * @param keepFor for how long it keeps an event at most
 * @param busyPoll how soon it asks again after it has found something
 * @param idlePoll how often it asks when nothing comes and nobody wakes it; between the two the time doubles
 */
public record TailSettings(int capacity, Duration keepFor, Duration busyPoll, Duration idlePoll) {

    /** 5,000 events of the last minute; asks 50 ms after it found something, and once a second when idle. */
    public static final TailSettings DEFAULT =
            new TailSettings(5_000, Duration.ofMinutes(1), Duration.ofMillis(50), Duration.ofSeconds(1));

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    public TailSettings {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "The capacity of the tail of the log cannot be less than 1, but is " + capacity + ".");
        }
        requirePositive("keepFor", keepFor);
        requirePositive("busyPoll", busyPoll);
        requirePositive("idlePoll", idlePoll);
        if (busyPoll.compareTo(idlePoll) > 0) {
            throw new IllegalArgumentException("busyPoll of the tail of the log cannot be longer than idlePoll, but is "
                    + busyPoll + " beside " + idlePoll + ".");
        }
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(
                    name + " of the tail of the log must be longer than zero, but is " + duration + ".");
        }
    }
}
