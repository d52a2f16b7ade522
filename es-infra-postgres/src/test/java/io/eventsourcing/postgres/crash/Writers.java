package io.eventsourcing.postgres.crash;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.tenant.TenantId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToIntFunction;

/** Several writers that append at the same time, a thread each. */
final class Writers implements AutoCloseable {

    private final EventStorePort store;
    private final TenantId tenant;
    private final Path folder;
    private final long seed;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CompletionService<WriterFigures> running = new ExecutorCompletionService<>(threads);
    private final List<Writer> writers = new ArrayList<>();

    Writers(EventStorePort store, TenantId tenant, Path folder, long seed) {
        this.store = store;
        this.tenant = tenant;
        this.folder = folder;
        this.seed = seed;
    }

    void start(int count) {
        for (int i = 0; i < count; i++) {
            Writer writer = new Writer(store, tenant, folder, new WriterName("w" + i, seed));
            writers.add(writer);
            running.submit(writer);
        }
    }

    /** Waits for all of them to be stopped; fails as soon as one fails. */
    void awaitEnd() throws InterruptedException {
        for (int i = 0; i < writers.size(); i++) {
            requireSuccess(running.take());
        }
    }

    /** How many appends were acknowledged so far; fails if a writer has failed. */
    int acknowledged() throws InterruptedException {
        Future<WriterFigures> ended = running.poll();
        if (ended != null) {
            requireSuccess(ended);
        }
        return total(WriterFigures::acknowledgedSoFar);
    }

    private static void requireSuccess(Future<WriterFigures> ended) throws InterruptedException {
        try {
            ended.get();
        } catch (ExecutionException e) {
            throw new AssertionError("A writer failed.", e.getCause());
        }
    }

    void stopAndAwaitEnd() throws InterruptedException {
        writers.forEach(Writer::stop);
        awaitEnd();
    }

    int total(ToIntFunction<WriterFigures> figure) {
        return writers.stream().map(Writer::figures).mapToInt(figure).sum();
    }

    @Override
    public void close() {
        writers.forEach(Writer::stop);
        threads.shutdownNow();
    }
}
