package io.eventsourcing.core.subscription;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A host whose threads and timers are the test's: nothing happens until it says so. */
final class HandDrivenHost implements SegmentHost {

    private final Deque<Runnable> work = new ArrayDeque<>();
    private final Deque<Runnable> timers = new ArrayDeque<>();
    final List<Long> pauses = new ArrayList<>();
    final List<SegmentRunner> ended = new ArrayList<>();
    final List<Throwable> reported = new ArrayList<>();
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
    public void report(Throwable error) {
        reported.add(error);
    }

    @Override
    public void recovered() {
        reported.clear();
    }

    @Override
    public void stop(Throwable error) {
        stopped.add(error);
    }
}
