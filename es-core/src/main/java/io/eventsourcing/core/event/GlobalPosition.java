package io.eventsourcing.core.event;

/**
 * Where an event stands in the log of its store: later in the log means a higher position. Positions have gaps.
 *
 * <p>Within a stream, positions rise with versions. Between streams, positions are drawn before commit, so a higher one
 * may become visible first: do not follow the log by remembering the highest position seen.
 *
 * @param value 1 or more
 */
public record GlobalPosition(long value) implements Comparable<GlobalPosition> {

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public GlobalPosition {
        if (value < 1) {
            throw new IllegalArgumentException("A global position is 1 or more, but " + value + " was given.");
        }
    }

    @Override
    public int compareTo(GlobalPosition other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
