package io.eventsourcing.postgres;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
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

/** Of which tenants a group is being written, and which appends wait behind each, in the order of their arrival. Thread-safe. */
final class WaitingAppends {

    private static final int LARGEST_GROUP = 64;

    /** After this time nobody waits behind a group: its connection may be one that never answers. */
    static final long PATIENCE_NANOS = 5_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Map<TenantId, Line> lines = new HashMap<>();

    /** The appends of a tenant that wait behind the group that is being written. */
    private static final class Line {

        private final Deque<QueuedAppend> behind = new ArrayDeque<>();
        private long began = System.nanoTime();

        boolean isOverdue() {
            return System.nanoTime() - began > PATIENCE_NANOS;
        }

        /** The first who waits, with all that can be written together with it: one for each stream. */
        List<QueuedAppend> takeGroup() {
            List<QueuedAppend> group = new ArrayList<>();
            Set<StreamId> streams = new HashSet<>();
            Iterator<QueuedAppend> candidates = behind.iterator();
            while (candidates.hasNext() && group.size() < LARGEST_GROUP) {
                QueuedAppend candidate = candidates.next();
                if (streams.add(candidate.content().stream())) {
                    group.add(candidate);
                    candidates.remove();
                }
            }
            began = System.nanoTime();
            return group;
        }
    }

    /** Leads a group of its own, or waits; false, and neither, if the group before is overdue. */
    boolean enter(QueuedAppend append) {
        lock.lock();
        try {
            Line line = lines.get(append.tenant());
            if (line == null) {
                lines.put(append.tenant(), new Line());
                append.lead(List.of(append));
                return true;
            }
            if (line.isOverdue()) {
                return false;
            }
            line.behind.add(append);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the first who waits lead the next group, when one has been written. */
    void handOver(TenantId tenant) {
        lock.lock();
        try {
            Line line = lines.get(tenant);
            if (line == null || line.behind.isEmpty()) {
                lines.remove(tenant);
            } else {
                List<QueuedAppend> next = line.takeGroup();
                next.get(0).lead(next);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes out an append that waits no longer; false if a group has taken it. */
    boolean leave(QueuedAppend append) {
        lock.lock();
        try {
            Line line = lines.get(append.tenant());
            return line != null && line.behind.remove(append);
        } finally {
            lock.unlock();
        }
    }

    /** Lets everybody who waits go. */
    void dismiss(TenantId tenant) {
        lock.lock();
        try {
            Line line = lines.get(tenant);
            if (line != null) {
                line.behind.forEach(QueuedAppend::finish);
                line.behind.clear();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many wait. */
    int count(TenantId tenant) {
        lock.lock();
        try {
            Line line = lines.get(tenant);
            return line == null ? 0 : line.behind.size();
        } finally {
            lock.unlock();
        }
    }
}
