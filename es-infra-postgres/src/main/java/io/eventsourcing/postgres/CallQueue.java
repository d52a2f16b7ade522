package io.eventsourcing.postgres;

import io.eventsourcing.core.event.EventStoreUnavailableException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets calls that arrive together share a commit. For each tenant one group is written at a time, or two if enough calls wait: a
 * call that arrives while none is written goes straight through; those that arrive meanwhile wait, and are then written as one group
 * by one of their threads.
 *
 * <p>While a group is written, no stream's lock is waited for, and no other for long: a stream that somebody has locked is
 * left out, because whoever holds it may be waiting for this queue. What is left out, and every member of a group that failed,
 * is written by its own thread on its own afterwards, which gives each its own error. Thread-safe; no order is kept between
 * calls, which are of different threads.
 */
final class CallQueue<C extends Groupable<R>, R> {

    private static final Logger LOGGER = LoggerFactory.getLogger(CallQueue.class);

    /** How often the thread that has written a group lets others run, before it looks who has come back. */
    private static final int GATHERING_YIELDS = 10;

    private static final int GROUP_TO_WAIT_FOR = 15;

    /** On a busy machine one of them can take as long as the scheduler likes; then there are no more. */
    private static final long GATHERING_NANOS = 200_000;

    private final String calls;
    private final GroupWriter<C, R> writer;
    private final WaitingCalls<C, R> waiting = new WaitingCalls<>();

    /** Whether the last group was one of several. Only a guess at what comes. */
    private volatile boolean isCrowded;

    /** Writes a group in a transaction of its own. */
    @FunctionalInterface
    interface GroupWriter<C, R> {

        /** What was written, for each call; empty for those of which nothing was. */
        List<Optional<R>> write(List<C> group) throws SQLException;
    }

    /** A queue for calls that the log names so. */
    CallQueue(String calls, GroupWriter<C, R> writer) {
        this.calls = calls;
        this.writer = writer;
    }

    /** Writes in a transaction of its own, or leaves the call to be made on its own: what became of it says which. */
    QueuedCall<C, R> write(C call) {
        QueuedCall<C, R> mine = new QueuedCall<>(call);
        WaitingCalls.Place place = waiting.enter(mine);
        if (place == WaitingCalls.Place.NONE) {
            return mine;
        }
        if (place == WaitingCalls.Place.FIRST && isCrowded) { // those who will be next are on their way
            gather(mine, GROUP_TO_WAIT_FOR);
            waiting.join(mine);
        }
        boolean waitsNoLonger = !mine.awaitTurn(WaitingCalls.PATIENCE_NANOS);
        boolean taken = waitsNoLonger && !waiting.leave(mine);
        List<QueuedCall<C, R>> group = mine.group();
        if (!group.isEmpty()) {
            lead(mine, group);
        } else if (taken) {
            mine.abandoned();
        }
        return mine;
    }

    private void lead(QueuedCall<C, R> mine, List<QueuedCall<C, R>> group) {
        try {
            write(mine, group);
        } finally {
            try {
                group.forEach(QueuedCall::finish);
                gather(mine, group.size() - 1);
                isCrowded = group.size() > 1 || waiting.count(mine.tenant()) > 0;
            } finally {
                waiting.handOver(mine);
            }
        }
    }

    /**
     * Gives those whose calls were just written the time to come with their next ones. Otherwise the first to come would be
     * written alone while all the others wait: groups of 1 and of 15 in turn, a fifth slower.
     */
    @SuppressWarnings("ThreadPriorityCheck") // a hint, on which nothing but speed depends
    private void gather(QueuedCall<C, R> mine, int members) {
        long began = System.nanoTime();
        for (int i = 0; i < GATHERING_YIELDS && waiting.count(mine.tenant()) < members; i++) {
            Thread.yield();
            if (System.nanoTime() - began > GATHERING_NANOS) {
                return;
            }
        }
    }

    private void write(QueuedCall<C, R> mine, List<QueuedCall<C, R>> group) {
        try {
            List<Optional<R>> results =
                    writer.write(group.stream().map(QueuedCall::content).toList());
            for (int i = 0; i < group.size(); i++) {
                results.get(i).ifPresent(group.get(i)::written);
            }
        } catch (SQLException e) {
            if (SqlErrors.isConnectionLoss(e)) {
                group.forEach(member -> member.lost(e));
            } else if (!SqlErrors.isOfTheAppend(e)) {
                LOGGER.warn(
                        "{} could not be written together, and are written one by one: {}",
                        calls,
                        SqlErrors.describe(e));
            }
        } catch (EventStoreUnavailableException e) {
            // this thread's own: it may have been interrupted while it waited for a connection. Without connections
            // each of the others would wait for all those before him
            mine.unavailable(e);
            waiting.dismiss(mine.tenant());
        } catch (RuntimeException e) { // of one of them, and nobody knows of which
            LOGGER.debug("{} could not be made together, and are made one by one.", calls, e);
        }
    }
}
