package io.eventsourcing.memory;

import io.eventsourcing.core.subscription.SegmentId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A lock for each segment, that a thread may hold until the end of its transaction. Thread-safe. */
final class SegmentLocks {

    private final Map<SegmentId, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final ThreadLocal<Transaction> current = ThreadLocal.withInitial(Transaction::new);

    /** Runs work as a transaction; within another one it belongs to that. */
    <T> T inTransaction(Supplier<T> work) {
        Transaction transaction = current.get();
        transaction.depth++;
        try {
            T result = work.get();
            if (transaction.depth == 1) {
                transaction.atCommit.forEach(Runnable::run);
            }
            return result;
        } finally {
            transaction.depth--;
            if (transaction.depth == 0) {
                current.remove();
                transaction.atEnd.forEach(Runnable::run);
            }
        }
    }

    /** Does something when the transaction of this thread commits; at once if there is none. */
    void atCommit(Runnable action) {
        Transaction transaction = current.get();
        if (transaction.depth == 0) {
            current.remove();
            action.run();
        } else {
            transaction.atCommit.add(action);
        }
    }

    /** Does something when the transaction of this thread is over; at once if there is none. */
    void atEnd(Runnable action) {
        Transaction transaction = current.get();
        if (transaction.depth == 0) {
            current.remove();
            action.run();
        } else {
            transaction.atEnd.push(action);
        }
    }

    void holdUntilTheTransactionEnds(SegmentId segment) {
        Transaction transaction = current.get();
        if (transaction.depth == 0) {
            current.remove();
            throw new IllegalStateException("Segment " + segment
                    + " was not locked, because there is no transaction at whose end to unlock it. Call lock within"
                    + " inTransaction.");
        }
        ReentrantLock lock = of(segment);
        lock.lock();
        transaction.atEnd.push(lock::unlock);
    }

    /** Runs work while no other thread holds the segment. */
    <T> T holding(SegmentId segment, Supplier<T> work) {
        ReentrantLock lock = of(segment);
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Runs work if no other thread holds the segment; empty if one does. */
    <T> Optional<T> ifFree(SegmentId segment, Supplier<Optional<T>> work) {
        ReentrantLock lock = of(segment);
        if (!lock.tryLock()) {
            return Optional.empty();
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock of(SegmentId segment) {
        return locks.computeIfAbsent(segment, unused -> new ReentrantLock());
    }

    /** What one thread holds. */
    private static final class Transaction {
        private final Deque<Runnable> atEnd = new ArrayDeque<>();
        private final List<Runnable> atCommit = new ArrayList<>();
        private int depth;
    }
}
