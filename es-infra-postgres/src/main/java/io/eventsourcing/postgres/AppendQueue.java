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

    /** After this time nobody waits behind a group: its connection may be one that never answers. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final AppendEvent appendEvent;
    private final AppendGroup appendGroup;

    private final ReentrantLock lock = new ReentrantLock();

    /** What is being written, and who waits, of each tenant of which a group is being written. Guarded by the lock. */
    private final Map<TenantId, Writing> writing = new HashMap<>();

    /** A tenant's group that is being written, and the appends that wait behind it. */
    private static final class Writing {

        private final Deque<QueuedAppend> behind = new ArrayDeque<>();
        private long began = System.nanoTime();

        boolean isOverdue() {
            return System.nanoTime() - began > PATIENCE_NANOS;
        }
    }

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
        if (!enter(mine)) {
            return null;
        }
        if (!mine.awaitTurn(PATIENCE_NANOS)) {
            giveUp(mine);
        }
        List<QueuedAppend> group = mine.group();
        if (!group.isEmpty()) {
            lead(append.tenant(), mine, group);
        }
        return mine.result();
    }

    private void lead(TenantId tenant, QueuedAppend mine, List<QueuedAppend> group) {
        try {
            write(mine, group);
        } finally {
            try {
                group.forEach(QueuedAppend::finish);
                gather(tenant, group.size() - 1);
            } finally {
                handOver(tenant);
            }
        }
    }

    /** Goes straight through or waits; false if the append is better made on its own, because the group before is overdue. */
    private boolean enter(QueuedAppend mine) {
        TenantId tenant = mine.append().tenant();
        lock.lock();
        try {
            Writing before = writing.get(tenant);
            if (before == null) {
                writing.put(tenant, new Writing());
                mine.lead(List.of(mine));
                return true;
            }
            return !before.isOverdue() && before.behind.add(mine);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Leaves the queue. An append that a group has taken meanwhile may be written twice at the same time then, which the event
     * ids make one; only one that is to write a group has to stay.
     */
    private void giveUp(QueuedAppend mine) {
        lock.lock();
        try {
            Writing before = writing.get(mine.append().tenant());
            if (before != null) {
                before.behind.remove(mine);
            }
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
            Writing before = writing.get(tenant);
            return before == null ? 0 : before.behind.size();
        } finally {
            lock.unlock();
        }
    }

    private void handOver(TenantId tenant) {
        lock.lock();
        try {
            Writing before = writing.get(tenant);
            if (before == null || before.behind.isEmpty()) {
                writing.remove(tenant);
            } else {
                List<QueuedAppend> next = takeGroup(before.behind);
                before.began = System.nanoTime();
                next.get(0).lead(next);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets everybody who waits append on his own: without connections each would wait for all those before him. */
    private void dismiss(TenantId tenant) {
        lock.lock();
        try {
            Writing before = writing.get(tenant);
            if (before != null) {
                before.behind.forEach(QueuedAppend::finish);
                before.behind.clear();
            }
        } finally {
            lock.unlock();
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

    private void write(QueuedAppend mine, List<QueuedAppend> group) {
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
            // this thread's own: it may have been interrupted while it waited for a connection
            mine.failed(e);
            dismiss(mine.append().tenant());
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
