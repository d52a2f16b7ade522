package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
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

    private static final int LARGEST_GROUP = 64;

    /** How often the thread that has written a group lets others run, before it looks who has come back. */
    private static final int GATHERING_YIELDS = 10;

    /** On a busy machine one of them can take as long as the scheduler likes; then there are no more. */
    private static final long GATHERING_NANOS = 200_000;

    private final AppendEvent appendEvent;
    private final AppendGroup appendGroup;

    private final ReentrantLock lock = new ReentrantLock();

    /** Of each tenant of which a group is being written, the appends that wait. Guarded by the lock. */
    private final Map<TenantId, Deque<QueuedAppend>> waiting = new HashMap<>();

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
        List<QueuedAppend> group = goesStraightThrough(mine) ? List.of(mine) : mine.awaitTurn();
        if (!group.isEmpty()) {
            try {
                write(group);
            } finally {
                group.forEach(QueuedAppend::finish);
                gather(append.tenant(), group.size() - 1);
                handOver(append.tenant());
            }
        }
        return mine.result();
    }

    private boolean goesStraightThrough(QueuedAppend mine) {
        lock.lock();
        try {
            TenantId tenant = mine.append().tenant();
            Deque<QueuedAppend> behind = waiting.get(tenant);
            if (behind == null) {
                waiting.put(tenant, new ArrayDeque<>());
                return true;
            }
            behind.add(mine);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives those whose appends were just written the time to come with their next ones. Otherwise the first to come would be
     * written alone while all the others wait: groups of 1 and of 15 in turn, a fifth slower.
     */
    @SuppressWarnings("ThreadPriorityCheck") // a hint, on which nothing but speed depends
    private void gather(TenantId tenant, int members) {
        long began = System.nanoTime();
        for (int i = 0; i < GATHERING_YIELDS && waitingFor(tenant) < members; i++) {
            Thread.yield();
            if (System.nanoTime() - began > GATHERING_NANOS) {
                return;
            }
        }
    }

    private int waitingFor(TenantId tenant) {
        lock.lock();
        try {
            Deque<QueuedAppend> behind = waiting.get(tenant);
            return behind == null ? 0 : behind.size();
        } finally {
            lock.unlock();
        }
    }

    private void handOver(TenantId tenant) {
        List<QueuedAppend> next = List.of();
        lock.lock();
        try {
            Deque<QueuedAppend> behind = waiting.get(tenant);
            if (behind == null || behind.isEmpty()) {
                waiting.remove(tenant);
            } else {
                next = takeGroup(behind);
            }
        } finally {
            lock.unlock();
        }
        if (!next.isEmpty()) {
            next.get(0).lead(next);
        }
    }

    /** The first of those who wait, with all that can be written together with it: one for each stream. */
    private static List<QueuedAppend> takeGroup(Deque<QueuedAppend> behind) {
        List<QueuedAppend> group = new ArrayList<>();
        Set<StreamId> streams = new HashSet<>();
        Iterator<QueuedAppend> candidates = behind.iterator();
        while (candidates.hasNext() && group.size() < LARGEST_GROUP) {
            QueuedAppend candidate = candidates.next();
            if (streams.add(candidate.append().stream())) {
                group.add(candidate);
                candidates.remove();
            }
        }
        return group;
    }

    private void write(List<QueuedAppend> group) {
        try {
            SerializedAppend first = group.get(0).append();
            if (group.size() == 1 && first.isUsual()) {
                appendEvent.append(first, Failure::new).ifPresent(group.get(0)::written);
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
            group.forEach(member -> member.failed(e));
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
