package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets appends that arrive together share a commit. For each tenant one group is written at a time: an append that arrives
 * while none is goes straight through; those that arrive meanwhile wait, and are then written as one group by one of their
 * threads.
 *
 * <p>While a group is written, no stream's lock is waited for, and no other for long: a stream that somebody has locked is
 * left out, because whoever holds it may be waiting for this queue. What is left out, and every member of a group that failed,
 * is appended by its own thread on its own afterwards, which gives each its own error. Thread-safe; no order is kept between
 * appends, which are of different threads.
 */
final class AppendQueue {

    private static final Logger LOGGER = LoggerFactory.getLogger(AppendQueue.class);

    /** How often the thread that has written a group lets others run, before it looks who has come back. */
    private static final int GATHERING_YIELDS = 10;

    /** On a busy machine one of them can take as long as the scheduler likes; then there are no more. */
    private static final long GATHERING_NANOS = 200_000;

    private final AppendUsualEvent appendUsualEvent;
    private final AppendGroup appendGroup;
    private final WaitingAppends waiting = new WaitingAppends();

    AppendQueue(StoreConnection connection, SchemaName schema) {
        this.appendUsualEvent = new AppendUsualEvent(connection, schema);
        this.appendGroup = new AppendGroup(connection, schema);
    }

    /** Appends in a transaction of its own, or leaves the append to be made on its own: what became of it says which. */
    QueuedAppend append(SerializedAppend append) {
        QueuedAppend mine = new QueuedAppend(append);
        if (!waiting.enter(mine)) {
            return mine;
        }
        boolean waitsNoLonger = !mine.awaitTurn(WaitingAppends.PATIENCE_NANOS);
        boolean taken = waitsNoLonger && !waiting.leave(mine);
        List<QueuedAppend> group = mine.group();
        if (!group.isEmpty()) {
            lead(mine, group);
        } else if (taken) {
            mine.abandoned();
        }
        return mine;
    }

    private void lead(QueuedAppend mine, List<QueuedAppend> group) {
        try {
            write(mine, group);
        } finally {
            try {
                group.forEach(QueuedAppend::finish);
                gather(mine, group.size() - 1);
            } finally {
                waiting.handOver(mine.tenant());
            }
        }
    }

    /**
     * Gives those whose appends were just written the time to come with their next ones. Otherwise the first to come would be
     * written alone while all the others wait: groups of 1 and of 15 in turn, a fifth slower.
     */
    @SuppressWarnings("ThreadPriorityCheck") // a hint, on which nothing but speed depends
    private void gather(QueuedAppend mine, int members) {
        long began = System.nanoTime();
        for (int i = 0; i < GATHERING_YIELDS && waiting.count(mine.tenant()) < members; i++) {
            Thread.yield();
            if (System.nanoTime() - began > GATHERING_NANOS) {
                return;
            }
        }
    }

    private void write(QueuedAppend mine, List<QueuedAppend> group) {
        try {
            List<Optional<AppendResult>> results = write(group);
            for (int i = 0; i < group.size(); i++) {
                results.get(i).ifPresent(group.get(i)::written);
            }
        } catch (SQLException e) {
            if (SqlErrors.isConnectionLoss(e)) {
                group.forEach(member -> member.lost(e));
            } else if (!SqlErrors.isOfTheAppend(e)) {
                LOGGER.warn(
                        "Appends could not be written together, and are written one by one: {}", SqlErrors.describe(e));
            }
        } catch (EventStoreUnavailableException e) {
            // this thread's own: it may have been interrupted while it waited for a connection. Without connections
            // each of
            // the others would wait for all those before him
            mine.unavailable(e);
            waiting.dismiss(mine.tenant());
        }
    }

    private List<Optional<AppendResult>> write(List<QueuedAppend> group) throws SQLException {
        SerializedAppend first = group.get(0).content();
        return group.size() == 1 && first.isUsual()
                ? List.of(appendUsualEvent.append(first))
                : appendGroup.append(group.stream().map(QueuedAppend::content).toList());
    }
}
