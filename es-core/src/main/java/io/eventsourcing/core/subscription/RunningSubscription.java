package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogTail;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subscription on this node: the segments that it owns at the moment, and the threads that work on them. Thread-safe. */
final class RunningSubscription implements SegmentHost {

    private static final Logger LOGGER = LoggerFactory.getLogger(RunningSubscription.class);

    /** What the lease is called in the status. */
    private static final String LEASE = "lease of this node";

    private static final String THREADS = "starting a thread";

    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Subscription subscription;
    private final CheckpointPort checkpoints;
    private final ScheduledExecutorService timers;
    private final BooleanSupplier leaseValid;
    private final ThreadPoolExecutor workers;
    private final SegmentReader reader;
    private final Outage outage;

    /** Guarded by this, as is what follows. The runners by number. */
    private final Map<Integer, SegmentRunner> owned = new TreeMap<>();

    private @Nullable Throwable stoppedBy;
    private boolean isClosed;

    RunningSubscription(
            Subscription subscription,
            LogTail tail,
            CheckpointPort checkpoints,
            ScheduledExecutorService timers,
            BooleanSupplier leaseValid) {
        this.subscription = subscription;
        this.checkpoints = checkpoints;
        this.timers = timers;
        this.leaseValid = leaseValid;
        this.reader = new SegmentReader(subscription, tail, this, this::runnersToReadFor);
        this.outage = new Outage(subscription.name());
        int threads = subscription.parallelism();
        this.workers = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
        this.workers.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "eventsourcing-" + subscription.name());
        thread.setDaemon(true);
        return thread;
    }

    Subscription subscription() {
        return subscription;
    }

    private synchronized Collection<SegmentRunner> runnersToReadFor() {
        return isLeaving() ? List.of() : runners();
    }

    private synchronized List<SegmentRunner> runners() {
        return List.copyOf(owned.values());
    }

    /** Whether it only finishes what is being handled, and takes no more. */
    synchronized boolean isLeaving() {
        return isClosed || stoppedBy != null;
    }

    synchronized boolean isStopped() {
        return stoppedBy != null;
    }

    synchronized boolean ownsSegments() {
        return !owned.isEmpty();
    }

    /** The numbers of the segments that have no runner here. Ask before the lease is renewed; see {@link #owns}. */
    synchronized Set<Integer> missing() {
        Set<Integer> numbers = new HashSet<>();
        for (int number = 0; number < subscription.segments(); number++) {
            if (!owned.containsKey(number)) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    /**
     * What this node owns after a renewal.
     *
     * @param segments all of them
     * @param missing those that had no runner before the renewal was sent: only for them the checkpoints that came with it are
     *     those to go on from
     */
    void owns(List<OwnedSegment> segments, Set<Integer> missing) {
        List<SegmentRunner> surplus = new ArrayList<>();
        synchronized (this) {
            dropWhatIsNotIn(segments);
            for (OwnedSegment segment : segments) {
                int number = segment.checkpoint().segment().number();
                SegmentRunner runner = owned.get(number);
                if (runner != null) {
                    runner.noteParked(segment.hasParked());
                }
                if (runner != null && segment.isSurplus()) {
                    surplus.add(runner);
                } else if (runner == null && missing.contains(number) && !isLeaving()) {
                    owned.put(number, new SegmentRunner(subscription, checkpoints, segment, this));
                }
            }
        }
        surplus.forEach(SegmentRunner::giveUp);
        readMore();
    }

    private synchronized void dropWhatIsNotIn(List<OwnedSegment> segments) {
        Map<Integer, Long> tokens = new HashMap<>();
        segments.forEach(segment -> tokens.put(
                segment.checkpoint().segment().number(), segment.checkpoint().token()));
        owned.values().removeIf(runner -> {
            boolean isLost = !Long.valueOf(runner.held().token()).equals(tokens.get(runner.number()));
            if (isLost) {
                runner.drop();
            }
            return isLost;
        });
        for (int number = 0; number < subscription.segments(); number++) {
            if (!tokens.containsKey(number)) {
                recovered(SegmentRunner.nameOf(number)); // what hindered it here hinders it no more
            }
        }
        notifyAll();
    }

    /** The lease is over: somebody else may own the segments by now. */
    void dropAll() {
        dropWhatIsNotIn(List.of());
    }

    /** The log has grown. */
    void grown() {
        reader.grown();
    }

    @Override
    public void readMore() {
        reader.readMore();
    }

    @Override
    public void work(Runnable task) {
        try {
            workers.execute(task);
            recovered(THREADS);
        } catch (RejectedExecutionException e) {
            // shut down meanwhile: nothing is to be done any more
        } catch (OutOfMemoryError e) { // the system gives no thread; whoever waits for the task must not wait for ever
            report(THREADS, e);
            later(() -> work(task), AGAIN_NANOS);
        }
    }

    @Override
    public void later(Runnable task, long nanos) {
        Timers.after(timers, nanos, task);
    }

    @Override
    public boolean isLeaseValid() {
        return leaseValid.getAsBoolean();
    }

    @Override
    public synchronized void ended(SegmentRunner runner) {
        owned.remove(runner.number(), runner);
        notifyAll();
    }

    @Override
    public void report(String part, Throwable error) {
        outage.goesOn(part, error);
    }

    @Override
    public void recovered(String part) {
        outage.isOver(part);
    }

    /** The lease could not be renewed. */
    void reportLease(Throwable error) {
        report(LEASE, error);
    }

    /** The lease is renewed again. */
    void leaseRecovered() {
        recovered(LEASE);
    }

    @Override
    public void stop(Throwable error) {
        synchronized (this) {
            if (stoppedBy != null) {
                return;
            }
            stoppedBy = error;
        }
        LOGGER.error(
                "Subscription '{}' has stopped on this node, because no retry would mend this. No event is lost or parked. Mend the"
                        + " cause, and start it again: it goes on where it was.",
                subscription.name(),
                error);
        runners().forEach(SegmentRunner::giveUp);
    }

    /** Finishes what is being handled, and gives all segments up. */
    void close() {
        synchronized (this) {
            isClosed = true;
        }
        runners().forEach(SegmentRunner::giveUp);
    }

    /** Waits until all segments are given up; false if a handler takes longer. */
    synchronized boolean awaitEnd(long deadlineNanos) throws InterruptedException {
        long left;
        while (!owned.isEmpty() && (left = deadlineNanos - System.nanoTime()) > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return owned.isEmpty();
    }

    /** Lets the threads end. */
    void shutDown() {
        dropAll();
        workers.shutdown();
    }

    /** Begins to note the segments that have been quiet: where to move their checkpoints. {@link SegmentRunner#endNote} must follow. */
    Map<SegmentRunner, GlobalPosition> beginNotes() {
        Map<SegmentRunner, GlobalPosition> quiet = new HashMap<>();
        for (SegmentRunner runner : runners()) {
            GlobalPosition reached = runner.beginNote();
            if (reached != null) {
                quiet.put(runner, reached);
            }
        }
        return quiet;
    }

    synchronized SubscriptionStatus status() {
        return new SubscriptionStatus(
                subscription.name(),
                runners().stream().map(SegmentRunner::progress).toList(),
                problem(),
                stoppedBy == null ? null : Failure.describe(stoppedBy));
    }

    private @Nullable String problem() {
        Stream<@Nullable String> problems = Stream.concat(
                Stream.of(outage.error(), reader.problem()), runners().stream().map(SegmentRunner::hangs));
        return problems.filter(Objects::nonNull).findFirst().orElse(null);
    }
}
