package io.eventsourcing.core.subscription;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs things later, unless everything is being closed. */
final class Timers {

    private Timers() {}

    static void after(ScheduledExecutorService timers, long nanos, Runnable task) {
        try {
            ScheduledFuture<?> unused = timers.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // closing: nothing is to be done later
        }
    }
}
