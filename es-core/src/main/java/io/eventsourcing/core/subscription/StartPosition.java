package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogQuery;
import java.time.Instant;
import java.util.Objects;

/** Where a subscription starts when its store meets it for the first time. Later it goes on where it was. */
@FunctionalInterface
public interface StartPosition {

    /**
     * Finds the position after which to start.
     *
     * @param log the log that is followed
     * @return the position
     * @throws io.eventsourcing.core.log.PositionAheadOfLogException if the log has not come so far
     */
    GlobalPosition in(EventLogPort log);

    /**
     * At the first event.
     *
     * @return the start
     */
    static StartPosition beginning() {
        return log -> GlobalPosition.START;
    }

    /**
     * At the end of the log: everything that commits from now on is handled, and maybe events that committed just before.
     *
     * @return the start
     */
    static StartPosition now() {
        return EventLogPort::now;
    }

    /**
     * After a position.
     *
     * @param position of the last event that is not wanted
     * @return the start
     */
    static StartPosition after(GlobalPosition position) {
        Objects.requireNonNull(position, "The position after which a subscription starts is null.");
        return log -> {
            log.read(LogQuery.startingAfter(position).limitedTo(1)); // refuses a position that was never drawn
            return position;
        };
    }

    /**
     * At a time: everything that was recorded then or later is handled, and maybe events that were recorded just before. A time that is
     * to come is now.
     *
     * @param time by the clock of the store
     * @return the start
     */
    static StartPosition at(Instant time) {
        Objects.requireNonNull(time, "The time at which a subscription starts is null.");
        return log -> log.before(time);
    }
}
