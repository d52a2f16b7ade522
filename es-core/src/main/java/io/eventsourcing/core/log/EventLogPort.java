package io.eventsourcing.core.log;

import io.eventsourcing.core.event.GlobalPosition;
import java.time.Instant;

/**
 * Reads the log of a store: every event, exactly once, in the order of the positions, and within each stream in the order of
 * the versions.
 *
 * <p>The log may be read up to its high-water mark. Positions are drawn before commit, so an event with a lower position can
 * become visible after one with a higher position; below the mark that cannot happen any more. So whoever continues each read
 * at {@link LogPage#position()} misses nothing, however long a transaction takes to commit, and however many roll back.
 *
 * <p>Thread-safe. A read holds nothing open.
 */
public interface EventLogPort {

    /**
     * Reads a page of the log.
     *
     * @param query where to start, what to look for, and how much
     * @return the events, oldest first, and where to continue; empty if there is nothing new below the mark
     * @throws PositionAheadOfLogException if the position was never drawn in this log
     * @throws io.eventsourcing.core.event.TransientStoreException if the store gave the read up; repeat it
     * @throws io.eventsourcing.core.event.EventStoreUnavailableException if the store cannot be reached now
     * @throws io.eventsourcing.core.event.EventStoreRefusedException if the store's database refuses the read as it is
     */
    LogPage read(LogQuery query);

    /**
     * How far the log may be read, and what holds it back.
     *
     * @return the mark of this moment. It may fall a little, while an append begins; what was below it once is still complete
     * @throws io.eventsourcing.core.event.EventStoreUnavailableException if the store cannot be reached now
     * @throws io.eventsourcing.core.event.EventStoreRefusedException if the store's database refuses the read as it is
     */
    HighWaterMark highWaterMark();

    /**
     * Reads the whole log from a position on, page by page.
     *
     * @param query where to start, what to look for, and how much at a time
     * @return the pages, up to the mark of the moment at which the last one is read; at least one
     */
    default Iterable<LogPage> readAll(LogQuery query) {
        return () -> new LogPages(this, query);
    }

    /**
     * The end of the log: the position of the last event at or below the high-water mark. Who continues there sees everything that
     * commits from now on, and maybe events that committed just before, above an append that is still in flight.
     *
     * @return the position; {@link GlobalPosition#START} if there is no event
     * @throws io.eventsourcing.core.event.EventStoreUnavailableException if the store cannot be reached now
     * @throws io.eventsourcing.core.event.EventStoreRefusedException if the store's database refuses the read as it is
     */
    GlobalPosition now();

    /**
     * A place before everything that was recorded at a time or later. Whoever continues there sees all of that, and maybe events
     * that were recorded just before, because times of different transactions do not rise exactly with positions. Reads the log up
     * to the first such event.
     *
     * @param time by the clock of the store
     * @return the position; the {@link #now() end of the log} if nothing was recorded then or later
     * @throws io.eventsourcing.core.event.EventStoreUnavailableException if the store cannot be reached now
     * @throws io.eventsourcing.core.event.EventStoreRefusedException if the store's database refuses the read as it is
     */
    GlobalPosition before(Instant time);
}
