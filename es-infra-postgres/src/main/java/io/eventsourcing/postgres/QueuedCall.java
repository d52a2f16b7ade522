package io.eventsourcing.postgres;

import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.tenant.TenantId;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call in a {@link CallQueue}: what its thread waits for, and what becomes of it.
 *
 * <p>The wait is a latch, not a CompletableFuture: a worker of a ForkJoinPool that joins a future runs other tasks meanwhile, and
 * one that appended stood for ever on top of the append that was to write its group.
 */
final class QueuedCall<C extends Groupable<R>, R> {

    private final C content;
    private final CountDownLatch turn = new CountDownLatch(1);
    private volatile List<QueuedCall<C, R>> group = List.of();
    private volatile @Nullable R result;
    private volatile @Nullable SQLException lost;
    private volatile @Nullable EventStoreUnavailableException unavailable;
    private volatile boolean abandoned;

    QueuedCall(C content) {
        this.content = content;
    }

    C content() {
        return content;
    }

    TenantId tenant() {
        return content.tenant();
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

    /** The group that the waiting thread is to write, to which its own call belongs; empty if it has none to write. */
    List<QueuedCall<C, R>> group() {
        return group;
    }

    /** Makes the waiting thread write a group. */
    void lead(List<QueuedCall<C, R>> toWrite) {
        group = toWrite;
        turn.countDown();
    }

    /** Lets the waiting thread go on with what has become of its call. */
    void finish() {
        turn.countDown();
    }

    void written(R written) {
        result = written;
    }

    /** Its group's connection was lost, and nobody knows whether it is written. */
    void lost(SQLException error) {
        lost = error;
    }

    /** Its own thread got no connection. */
    void unavailable(EventStoreUnavailableException error) {
        unavailable = error;
    }

    /** It was left to a group that may still write it. */
    void abandoned() {
        abandoned = true;
    }

    /**
     * What was written; if nothing was, as far as is known, the call is made on its own. Called by the call's thread, so
     * that errors have its stack.
     *
     * @throws io.eventsourcing.core.event.AppendOutcomeUnknownException if the connection of this thread was lost, or that of
     *     its group and the call could not be repeated either
     */
    R resultOr(Supplier<R> onItsOwn) {
        if (result != null) {
            return result;
        }
        if (unavailable != null) {
            throw unavailable;
        }
        if (lost == null) {
            R own = onItsOwn.get();
            return abandoned ? content.ofRepeated(own) : own;
        }
        EventStoreException unknown = content.errors().translate(lost, false);
        if (!group.isEmpty()) {
            throw unknown;
        }
        try {
            return content.ofRepeated(onItsOwn.get());
        } catch (EventStoreException e) {
            unknown.addSuppressed(e);
            throw unknown;
        }
    }
}
