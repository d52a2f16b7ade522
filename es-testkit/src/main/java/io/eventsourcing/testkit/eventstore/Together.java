package io.eventsourcing.testkit.eventstore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Runs a task on several threads that start at one moment, and waits for all of them. */
final class Together {

    private static final int TIMEOUT_SECONDS = 60;

    private Together() {}

    /** What each thread's task returned or threw, in the order of the threads. */
    static <T> List<Outcome<T>> run(int threads, IntFunction<T> task) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                futures.add(executor.submit((Callable<T>) () -> {
                    start.await();
                    return task.apply(thread);
                }));
            }
            return futures.stream().map(Together::outcome).toList();
        } finally {
            executor.shutdownNow();
        }
    }

    private static <T> Outcome<T> outcome(Future<T> future) {
        try {
            return new Outcome<>(Optional.of(future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)), Optional.empty());
        } catch (ExecutionException e) {
            return new Outcome<>(Optional.empty(), Optional.ofNullable(e.getCause()));
        } catch (TimeoutException e) {
            throw new AssertionError("A thread did not end within " + TIMEOUT_SECONDS + " seconds.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for the threads.", e);
        }
    }

    /** What a thread's task returned or threw. */
    record Outcome<T>(Optional<T> value, Optional<Throwable> error) {

        T valueOrThrow() {
            return value.orElseThrow(() -> new AssertionError("A thread failed.", error.orElse(null)));
        }
    }
}
