package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.postgres.crash.Chaos;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Threads that append all at once in every manner: transactions of several appends with pauses, savepoints and rollbacks, and
 * single appends between them.
 */
final class LogWriters {

    private static final int WRITERS = 12;
    private static final int LONGEST_PAUSE_MILLIS = 3;

    private final EventStorePort store;
    private final TransactionTemplate transaction;
    private final List<StreamId> streams;

    LogWriters(EventStorePort store, TransactionTemplate transaction) {
        this.store = store;
        this.transaction = transaction;
        this.streams = Stream.of("a", "b", "c")
                .map(TenantId::of)
                .flatMap(tenant -> Stream.generate(Noted::newStream).limit(15).map(stream -> stream.inTenant(tenant)))
                // in one order for all, so that transactions do not meet in deadlocks
                .sorted(Comparator.comparing(StreamId::toString))
                .toList();
    }

    /** Starts them; each gives the positions of what it committed. */
    List<CompletableFuture<List<GlobalPosition>>> start(Random random, int events, ExecutorService threads) {
        AtomicInteger left = new AtomicInteger(events);
        return IntStream.range(0, WRITERS)
                .mapToObj(writer -> random.nextLong())
                .map(seed -> CompletableFuture.supplyAsync(() -> write(new Random(seed), left), threads))
                .toList();
    }

    private List<GlobalPosition> write(Random random, AtomicInteger left) {
        List<GlobalPosition> committed = new ArrayList<>();
        while (left.get() > 0) {
            List<GlobalPosition> written = random.nextInt(100) < 15
                    ? append(streams.get(random.nextInt(streams.size())), random)
                    : inTransaction(random);
            committed.addAll(written);
            left.addAndGet(-written.size());
        }
        return committed;
    }

    private List<GlobalPosition> inTransaction(Random random) {
        return transaction.execute(status -> {
            List<GlobalPosition> written = new ArrayList<>();
            int first = random.nextInt(streams.size());
            for (int i = first; i < Math.min(streams.size(), first + 4); i++) {
                written.addAll(
                        random.nextInt(100) < 20
                                ? inSavepoint(status, streams.get(i), random)
                                : append(streams.get(i), random));
                Chaos.pause(random, LONGEST_PAUSE_MILLIS);
            }
            if (random.nextInt(100) < 20) {
                status.setRollbackOnly();
                return List.of();
            }
            return written;
        });
    }

    private List<GlobalPosition> inSavepoint(TransactionStatus status, StreamId stream, Random random) {
        Object savepoint = status.createSavepoint();
        List<GlobalPosition> written = append(stream, random);
        if (random.nextBoolean()) {
            status.rollbackToSavepoint(savepoint);
            return List.of();
        }
        status.releaseSavepoint(savepoint);
        return written;
    }

    private List<GlobalPosition> append(StreamId stream, Random random) {
        Object[] events = IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(n -> new Noted("n" + n))
                .toArray();
        return store.append(AppendRequest.of(stream, ExpectedVersion.any(), events))
                .positions();
    }
}
