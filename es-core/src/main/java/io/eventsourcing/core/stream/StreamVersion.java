package io.eventsourcing.core.stream;

/**
 * How many events a stream has ever had, and so the version of its latest one: the first event has version 1, versions
 * have no gaps, and a stream that was never written is at {@link #NONE}.
 *
 * @param value 0 or more
 */
public record StreamVersion(long value) implements Comparable<StreamVersion> {

    /** The version of a stream that was never written: 0. */
    public static final StreamVersion NONE = new StreamVersion(0);

    /** The version of a stream's first event: 1. */
    public static final StreamVersion FIRST = new StreamVersion(1);

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public StreamVersion {
        if (value < 0) {
            throw new IllegalArgumentException("A stream version cannot be negative, but " + value
                    + " was given. The first event of a stream has version 1; 0 means that it has none.");
        }
    }

    /**
     * The version with this number.
     *
     * @param value 0 or more
     * @return the version
     */
    public static StreamVersion of(long value) {
        return value == 0 ? NONE : new StreamVersion(value);
    }

    /**
     * The version after {@code events} more events.
     *
     * @param events how many events follow
     * @return the later version
     */
    public StreamVersion plus(long events) {
        return of(Math.addExact(value, events));
    }

    @Override
    public int compareTo(StreamVersion other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
