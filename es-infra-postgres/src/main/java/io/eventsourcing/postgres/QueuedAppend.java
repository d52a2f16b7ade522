package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.tenant.TenantId;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An append in an {@link AppendQueue}: what its thread waits for, and what becomes of it.
 *
 * <p>The wait is a latch, not a CompletableFuture: a worker of a ForkJoinPool that joins a future runs other tasks meanwhile, and
 * one that appended stood for ever on top of the append that was to write its group.
 */
final class QueuedAppend {

    private final SerializedAppend append;
    private final CountDownLatch turn = new CountDownLatch(1);
    private volatile List<QueuedAppend> group = List.of();
    private volatile @Nullable AppendResult result;
    private volatile @Nullable EventStoreException error;

    QueuedAppend(SerializedAppend append) {
        this.append = append;
    }

    SerializedAppend append() {
        return append;
    }

    TenantId tenant() {
        return append.tenant();
    }

    /** Waits for the turn, whatever interrupts; false if it did not come in time. */
    boolean awaitTurn(long nanos) {
        boolean interrupted = false;
        long end = System.nanoTime() + nanos;
        try {
            while (true) {
                try {
                    return turn.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The group that the waiting thread is to write, to which its own append belongs; empty if it has none to write. */
    List<QueuedAppend> group() {
        return group;
    }

    /** Makes the waiting thread write a group. */
    void lead(List<QueuedAppend> toWrite) {
        group = toWrite;
        turn.countDown();
    }

    /** Lets the waiting thread go on with what has become of its append. */
    void finish() {
        turn.countDown();
    }

    void written(@Nullable AppendResult written) {
        this.result = written;
    }

    void failed(EventStoreException failure) {
        this.error = failure;
    }

    /** What was written; null if nothing was, and the append has to be made on its own. */
    @Nullable
    AppendResult result() {
        EventStoreException failure = error;
        if (failure != null) {
            throw failure;
        }
        return result;
    }
}
