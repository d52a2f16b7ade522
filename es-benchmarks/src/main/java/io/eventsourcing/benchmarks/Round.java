package io.eventsourcing.benchmarks;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Runs a contender for a while on several threads and counts what it stored.
 *
 * @param threads how many threads append
 * @param length for how long
 */
record Round(int threads, Duration length) {

    /** Streams of a usual length: each thread starts a new one after so many events. */
    private static final int EVENTS_A_STREAM = 10;

    /** Events a second. */
    double run(Contender contender) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(1);
            var counts = IntStream.range(0, threads)
                    .mapToObj(thread -> executor.submit(() -> {
                        start.await();
                        return appendUntil(System.nanoTime() + length.toNanos(), contender);
                    }))
                    .toList();
            long began = System.nanoTime();
            start.countDown();
            long stored = 0;
            for (Future<Long> count : counts) {
                stored += count.get();
            }
            return stored * 1e9 / (System.nanoTime() - began);
        } finally {
            executor.shutdownNow();
        }
    }

    private static long appendUntil(long end, Contender contender) {
        long stored = 0;
        while (System.nanoTime() < end) {
            String stream = UUID.randomUUID().toString();
            for (int number = 1; number <= EVENTS_A_STREAM; number++) {
                contender.append(stream, number);
                stored++;
            }
        }
        return stored;
    }
}
