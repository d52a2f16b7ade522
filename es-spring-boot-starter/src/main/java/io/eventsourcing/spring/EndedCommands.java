package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandStorePort;
import io.eventsourcing.core.saga.SagaStorePort;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Removes commands that ended long ago, and processes that were over long ago: at the start, and then each hour. Zero keeps
 * them for ever.
 */
final class EndedCommands implements SmartLifecycle {

    private static final Logger LOGGER = LoggerFactory.getLogger(EndedCommands.class);

    private static final int BATCH = 1_000;

    private final CommandStorePort commands;
    private final SagaStorePort sagas;
    private final Duration keepFor;
    private @Nullable ScheduledExecutorService timer;

    EndedCommands(CommandStorePort commands, SagaStorePort sagas, Duration keepFor) {
        this.commands = commands;
        this.sagas = sagas;
        this.keepFor = keepFor;
    }

    @Override
    public synchronized void start() {
        if (keepFor.isZero()) {
            return;
        }
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "eventsourcing-purge");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> unused = started.scheduleWithFixedDelay(this::purge, 0, 1, TimeUnit.HOURS);
        timer = started;
    }

    private void purge() {
        try {
            int removed = all(() -> commands.purge(keepFor, BATCH));
            int over = all(() -> sagas.purge(keepFor, BATCH));
            if (removed + over > 0) {
                LOGGER.info(
                        "Removed {} commands that ended, and {} processes that were over, {} ago or earlier.",
                        removed,
                        over,
                        keepFor);
            }
        } catch (RuntimeException | Error e) { // a timer that throws is never called again
            LOGGER.warn("Commands that ended long ago could not be removed. It is tried again in an hour.", e);
        }
    }

    private static int all(IntSupplier batch) {
        int all = 0;
        int removed;
        do {
            removed = batch.getAsInt();
            all += removed;
        } while (removed == BATCH && !Thread.currentThread().isInterrupted());
        return all;
    }

    @Override
    public synchronized void stop() {
        if (timer != null) {
            timer.shutdownNow();
            timer = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return timer != null;
    }
}
