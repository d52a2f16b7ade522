package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.stream.StreamId;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets appends that arrive together share a commit. For each tenant one group is written at a time: an append that arrives
 * while none is goes straight through; those that arrive meanwhile wait, and are then written as one group by one of their
 * threads.
 *
 * <p>While a group is written, nothing is waited for but the commit: a stream that somebody has locked is left out, because
 * whoever holds it may be waiting for this queue. What is left out, and every member of a group that failed, is appended by
 * its own thread on its own afterwards, which gives each its own error. Only an outcome that is unknown is told instead of
 * tried again. Thread-safe; no order is kept between appends, which are of different threads.
 */
final class AppendQueue {

    /** How often the thread that has written a group lets others run, before it looks who has come back. */
    private static final int GATHERING_YIELDS = 10;

    /** On a busy machine one of them can take as long as the scheduler likes; then there are no more. */
    private static final long GATHERING_NANOS = 200_000;

    private final AppendEvent appendEvent;
    private final AppendGroup appendGroup;
    private final WaitingAppends waiting = new WaitingAppends();

    AppendQueue(StoreConnection connection, SchemaName schema) {
        this.appendEvent = new AppendEvent(connection, schema);
        this.appendGroup = new AppendGroup(connection, schema);
    }

    /**
     * Appends in a transaction of its own.
     *
     * @return what was written; null if nothing was, and the append has to be made on its own
     */
    @Nullable
    AppendResult append(SerializedAppend append) {
        QueuedAppend mine = new QueuedAppend(append);
        if (!waiting.enter(mine)) {
            return null;
        }
        if (!mine.awaitTurn(WaitingAppends.PATIENCE_NANOS)) {
            // a group that has taken it meanwhile may write it too, which the event ids make one
            waiting.leave(mine);
        }
        List<QueuedAppend> group = mine.group();
        if (!group.isEmpty()) {
            lead(mine, group);
        }
        return mine.result();
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
            SerializedAppend first = group.get(0).append();
            if (group.size() == 1 && first.isUsual()) {
                appendEvent.append(first, Failure::new).ifPresent(mine::written);
                return;
            }
            List<@Nullable AppendResult> results =
                    appendGroup.append(group.stream().map(QueuedAppend::append).toList(), Failure::new);
            for (int i = 0; i < group.size(); i++) {
                group.get(i).written(results.get(i));
            }
        } catch (Failure e) {
            if (e.leavesOutcomeUnknown()) {
                group.forEach(member -> member.failed(e.of(member.append().stream())));
            }
        } catch (EventStoreUnavailableException e) {
            // this thread's own: it may have been interrupted while it waited for a connection. Without connections
            // each of
            // the others would wait for all those before him
            mine.failed(e);
            waiting.dismiss(mine.tenant());
        }
    }

    /** The error of a group, of which each member is told for its own stream. */
    private static final class Failure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient SQLException error;

        Failure(SQLException error) {
            super(error);
            this.error = error;
        }

        boolean leavesOutcomeUnknown() {
            return SqlErrors.isConnectionLoss(error);
        }

        EventStoreException of(StreamId stream) {
            return SqlErrors.ofAppend(List.of(stream)).translate(error, false);
        }
    }
}
