package io.eventsourcing.core.event;

/**
 * Where an event stands in the log of its store: later in the log means a higher position. Positions have gaps.
 *
 * <p>Within a stream, positions rise with versions. Between streams, positions are drawn before commit, so a higher one
 * may become visible first: do not follow the log by remembering the highest position seen, but by
 * {@link io.eventsourcing.core.log.EventLogPort}.
 *
 * @param value 1 or more for an event, 0 for the place before the first one
 */
public record GlobalPosition(long value) implements Comparable<GlobalPosition> {

    /** Before the first event. */
    public static final GlobalPosition START = new GlobalPosition(0);

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public GlobalPosition {
        if (value < 0) {
            throw new IllegalArgumentException("A global position is 0 or more, but " + value + " was given.");
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
