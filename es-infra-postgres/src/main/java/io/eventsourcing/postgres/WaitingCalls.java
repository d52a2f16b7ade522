package io.eventsourcing.postgres;

import io.eventsourcing.core.tenant.TenantId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Of which tenants groups are being written, and which calls wait behind them, in the order of their arrival. Thread-safe.
 *
 * <p>While one group of a tenant is written, a second one is begun as soon as enough calls wait: the server works on it while the first
 * one waits for the disk. Of fewer, each would cost more than that saves.
 */
final class WaitingCalls<C extends Groupable<R>, R> {

    private static final int LARGEST_GROUP = 64;

    private static final int MOST_GROUPS_AT_ONCE = 2;

    /** Groups of 6 were slower than those of 8, at 16 threads on two cores. */
    private static final int LEAST_OF_A_SECOND_GROUP = 8;

    /** After this time nobody waits behind a group: its connection may be one that never answers. */
    static final long PATIENCE_NANOS = 5_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Map<TenantId, Line<C, R>> lines = new HashMap<>();

    /** What becomes of a call that comes. */
    enum Place {
        /** It leads a group of its own. */
        FIRST,
        /** It waits behind those that are being written. */
        BEHIND,
        /** Neither, because one of these is overdue. */
        NONE
    }

    /** The groups of a tenant that are being written, by their leaders, with the times of their beginnings; and the calls that wait. */
    private static final class Line<C extends Groupable<R>, R> {

        private final Map<QueuedCall<C, R>, Long> beingWritten = new HashMap<>();
        private final Deque<QueuedCall<C, R>> behind = new ArrayDeque<>();

        void begin(List<QueuedCall<C, R>> group) {
            QueuedCall<C, R> leader = group.get(0);
            beingWritten.put(leader, System.nanoTime());
            leader.lead(group);
        }

        /** Begins another group, if as many calls wait as that is worth. */
        void beginNext() {
            if (beingWritten.isEmpty()) {
                beginNext(1);
            } else if (beingWritten.size() < MOST_GROUPS_AT_ONCE) {
                beginNext(LEAST_OF_A_SECOND_GROUP);
            }
        }

        private void beginNext(int least) {
            if (behind.size() >= least) {
                List<QueuedCall<C, R>> group = nextGroup();
                if (group.size() >= least) {
                    behind.removeIf(new HashSet<>(group)::contains);
                    begin(group);
                }
            }
        }

        /** The first who waits, with all that can be written together with it: one for each key, of which none is being written. */
        private List<QueuedCall<C, R>> nextGroup() {
            Set<Object> keys = new HashSet<>();
            beingWritten.keySet().stream()
                    .map(QueuedCall::group)
                    .flatMap(Collection::stream)
                    .forEach(written -> keys.add(written.content().key()));
            List<QueuedCall<C, R>> group = new ArrayList<>();
            Iterator<QueuedCall<C, R>> candidates = behind.iterator();
            while (candidates.hasNext() && group.size() < LARGEST_GROUP) {
                QueuedCall<C, R> candidate = candidates.next();
                if (keys.add(candidate.content().key())) {
                    group.add(candidate);
                }
            }
            return group;
        }

        boolean isOverdue() {
            long now = System.nanoTime();
            return beingWritten.values().stream().anyMatch(began -> now - began > PATIENCE_NANOS);
        }
    }

    Place enter(QueuedCall<C, R> call) {
        lock.lock();
        try {
            Line<C, R> line = lines.get(call.tenant());
            if (line == null) {
                line = new Line<>();
                lines.put(call.tenant(), line);
                line.begin(List.of(call));
                return Place.FIRST;
            }
            if (line.isOverdue()) {
                return Place.NONE;
            }
            line.behind.add(call);
            line.beginNext();
            return Place.BEHIND;
        } finally {
            lock.unlock();
        }
    }

    /** Takes those who wait into the group of one who leads and has not begun to write. */
    void join(QueuedCall<C, R> leader) {
        lock.lock();
        try {
            Line<C, R> line = lineOf(leader);
            line.beingWritten.remove(leader);
            line.behind.addFirst(leader);
            line.beginNext(1);
        } finally {
            lock.unlock();
        }
    }

    /** Lets the first who waits lead the next group, when one has been written. */
    void handOver(QueuedCall<C, R> leader) {
        lock.lock();
        try {
            Line<C, R> line = lineOf(leader);
            line.beingWritten.remove(leader);
            line.beginNext();
            if (line.beingWritten.isEmpty()) {
                lines.remove(leader.tenant());
            }
        } finally {
            lock.unlock();
        }
    }

    private Line<C, R> lineOf(QueuedCall<C, R> leader) {
        return Objects.requireNonNull(lines.get(leader.tenant()));
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
