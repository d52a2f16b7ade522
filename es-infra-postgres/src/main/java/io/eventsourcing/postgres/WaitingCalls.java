package io.eventsourcing.postgres;

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

/** Of which tenants a group is being written, and which calls wait behind each, in the order of their arrival. Thread-safe. */
final class WaitingCalls<C extends Groupable<R>, R> {

    private static final int LARGEST_GROUP = 64;

    /** After this time nobody waits behind a group: its connection may be one that never answers. */
    static final long PATIENCE_NANOS = 5_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Map<TenantId, Line<C, R>> lines = new HashMap<>();

    /** The calls of a tenant that wait behind the group that is being written. */
    private static final class Line<C extends Groupable<R>, R> {

        private final Deque<QueuedCall<C, R>> behind = new ArrayDeque<>();
        private long began = System.nanoTime();

        boolean isOverdue() {
            return System.nanoTime() - began > PATIENCE_NANOS;
        }

        /** The first who waits, with all that can be written together with it: one for each key. */
        List<QueuedCall<C, R>> takeGroup() {
            List<QueuedCall<C, R>> group = new ArrayList<>();
            Set<Object> keys = new HashSet<>();
            Iterator<QueuedCall<C, R>> candidates = behind.iterator();
            while (candidates.hasNext() && group.size() < LARGEST_GROUP) {
                QueuedCall<C, R> candidate = candidates.next();
                if (keys.add(candidate.content().key())) {
                    group.add(candidate);
                    candidates.remove();
                }
            }
            began = System.nanoTime();
            return group;
        }
    }

    /** What becomes of a call that comes. */
    enum Place {
        /** It leads a group of its own. */
        FIRST,
        /** It waits behind the group that is being written. */
        BEHIND,
        /** Neither, because that group is overdue. */
        NONE
    }

    Place enter(QueuedCall<C, R> call) {
        lock.lock();
        try {
            Line<C, R> line = lines.get(call.tenant());
            if (line == null) {
                lines.put(call.tenant(), new Line<>());
                call.lead(List.of(call));
                return Place.FIRST;
            }
            if (line.isOverdue()) {
                return Place.NONE;
            }
            line.behind.add(call);
            return Place.BEHIND;
        } finally {
            lock.unlock();
        }
    }

    /** Takes those who wait into the group of one who leads and has not begun to write. */
    void join(QueuedCall<C, R> leader) {
        lock.lock();
        try {
            Line<C, R> line = lines.get(leader.tenant());
            if (line != null) {
                line.behind.addFirst(leader);
                leader.lead(line.takeGroup());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets the first who waits lead the next group, when one has been written. */
    void handOver(TenantId tenant) {
        lock.lock();
        try {
            Line<C, R> line = lines.get(tenant);
            if (line == null || line.behind.isEmpty()) {
                lines.remove(tenant);
            } else {
                List<QueuedCall<C, R>> next = line.takeGroup();
                next.get(0).lead(next);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes out a call that waits no longer; false if a group has taken it. */
    boolean leave(QueuedCall<C, R> call) {
        lock.lock();
        try {
            Line<C, R> line = lines.get(call.tenant());
            return line != null && line.behind.remove(call);
        } finally {
            lock.unlock();
        }
    }

    /** Lets everybody who waits go. */
    void dismiss(TenantId tenant) {
        lock.lock();
        try {
            Line<C, R> line = lines.get(tenant);
            if (line != null) {
                line.behind.forEach(QueuedCall<C, R>::finish);
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
            Line<C, R> line = lines.get(tenant);
            return line == null ? 0 : line.behind.size();
        } finally {
            lock.unlock();
        }
    }
}
