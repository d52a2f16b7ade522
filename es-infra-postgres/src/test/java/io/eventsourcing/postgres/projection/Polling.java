package io.eventsourcing.postgres.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads all rows again and again on a thread of its own, and fails at the first answer that no reader must get. */
final class Polling {

    private final String name;
    private final int counters;
    private final Supplier<List<Counter>> query;
    private final Map<String, Counter> last = new HashMap<>();
    private final Set<Integer> versions = new TreeSet<>();
    private final AtomicInteger polls = new AtomicInteger();
    private final CompletableFuture<Void> ended;
    private volatile boolean isOver;
    private volatile int newestVersion;
    private long longestNanos;

    Polling(String name, int counters, Supplier<List<Counter>> query) {
        this.name = name;
        this.counters = counters;
        this.query = query;
        this.ended = CompletableFuture.runAsync(this::poll);
    }

    private void poll() {
        while (!isOver) {
            long begun = System.nanoTime();
            List<Counter> rows = query.get();
            longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
            check(rows);
            polls.incrementAndGet();
        }
    }

    private void check(List<Counter> rows) {
        Set<Integer> writers = rows.stream().map(Counter::writtenBy).collect(Collectors.toSet());
        assertThat(writers).as("%s: versions that wrote the rows", name).hasSize(1);
        assertThat(rows).as("%s: rows", name).hasSize(counters);
        newestVersion = writers.iterator().next();
        versions.add(newestVersion);
        for (Counter row : rows) {
            Counter before = last.put(row.name(), row);
            if (before != null && (row.events() < before.events() || row.writtenBy() < before.writtenBy())) {
                throw new AssertionError(name + ": went back from " + before + " to " + row);
            }
        }
    }

    int polls() {
        requireGoingOn();
        return polls.get();
    }

    int newestVersion() {
        requireGoingOn();
        return newestVersion;
    }

    private void requireGoingOn() {
        if (ended.isCompletedExceptionally()) {
            ended.join();
        }
    }

    /** Ends it, and answers what there is to say. */
    String end() {
        isOver = true;
        ended.join();
        return "%s: %d polls, the longest %d ms, versions %s"
                .formatted(name, polls.get(), longestNanos / 1_000_000, versions);
    }
}
