package io.eventsourcing.core.subscription;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A host whose threads and timers are the test's: nothing happens until it says so. */
final class HandDrivenHost implements SegmentHost {

    private final Deque<Runnable> work = new ArrayDeque<>();
    private final Deque<Runnable> timers = new ArrayDeque<>();
    final List<Long> pauses = new ArrayList<>();
    final List<SegmentRunner> ended = new ArrayList<>();
    private final Map<String, Throwable> outages = new LinkedHashMap<>();
    final List<Throwable> stopped = new ArrayList<>();
    boolean isLeaseValid = true;
    Runnable reader = () -> {};

    /** How many tasks wait for a thread. */
    int tasks() {
        return work.size();
    }

    /** How many timers run. */
    int timers() {
        return timers.size();
    }

    /** What the parts cannot get over. */
    Collection<Throwable> reported() {
        return outages.values();
    }

    /** Runs one task. */
    void runOne() {
        work.remove().run();
    }

    /** Runs tasks until there is none. */
    void runAll() {
        while (!work.isEmpty()) {
            runOne();
        }
    }

    /** The first timer is over. */
    void ring() {
        timers.remove().run();
    }

    @Override
    public void work(Runnable task) {
        work.add(task);
    }

    @Override
    public void later(Runnable task, long nanos) {
        pauses.add(nanos);
        timers.add(task);
    }

    @Override
    public boolean isLeaseValid() {
        return isLeaseValid;
    }

    @Override
    public void readMore() {
        reader.run();
    }

    @Override
    public void ended(SegmentRunner runner) {
        ended.add(runner);
    }

    @Override
    public void report(String part, Throwable error) {
        outages.put(part, error);
    }

    @Override
    public void recovered(String part) {
        outages.remove(part);
    }

    @Override
    public void stop(Throwable error) {
        stopped.add(error);
    }
}
