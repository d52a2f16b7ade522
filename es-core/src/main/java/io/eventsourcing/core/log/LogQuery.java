package io.eventsourcing.core.log;

import io.eventsourcing.core.event.GlobalPosition;
import java.util.Objects;

/**
 * Which part of the log to read.
 *
 * @param after the position after which to start; {@link GlobalPosition#START} for the beginning
 * @param filter what to look for
 * @param limit how many stored events at most, from 1 to {@value #MAX_LIMIT}; a page ends earlier where its events are large
 */
public record LogQuery(GlobalPosition after, LogFilter filter, int limit) {

    /** The largest limit. */
    public static final int MAX_LIMIT = 10_000;

    /** The limit unless said otherwise. */
    public static final int DEFAULT_LIMIT = 500;

    /**
     * Checks the limit.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public LogQuery {
        Objects.requireNonNull(after, "The position after which the log is to be read is null. Nothing was read.");
        Objects.requireNonNull(filter, "The filter of a read of the log is null. Nothing was read.");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "The limit of a read of the log is " + limit + ". Nothing was read. Give 1 to " + MAX_LIMIT + ".");
        }
    }

    /**
     * All events after a position.
     *
     * @param position the position after which to start
     * @return the query
     */
    public static LogQuery startingAfter(GlobalPosition position) {
        return new LogQuery(position, LogFilter.ALL, DEFAULT_LIMIT);
    }

    /**
     * All events from the first one on.
     *
     * @return the query
     */
    public static LogQuery fromTheBeginning() {
        return startingAfter(GlobalPosition.START);
    }

    /**
     * The same from another position on.
     *
     * @param position the position after which to start
     * @return the other query
     */
    public LogQuery after(GlobalPosition position) {
        return new LogQuery(position, filter, limit);
    }

    /**
     * The same with another filter.
     *
     * @param other what to look for
     * @return the other query
     */
    public LogQuery matching(LogFilter other) {
        return new LogQuery(after, other, limit);
    }

    /**
     * The same with another limit.
     *
     * @param events how many stored events at most
     * @return the other query
     * @throws IllegalArgumentException if it is out of range
     */
    public LogQuery limitedTo(int events) {
        return new LogQuery(after, filter, events);
    }
}
