package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription on this node: reads the log once for all segments that the node owns, and hands each its events. A segment whose
 * queue is full is left behind, and read for again when it has room, so that a slow one does not hold up the others.
 */
final class RunningSubscription implements SegmentOwner {

    private static final Logger LOGGER = LoggerFactory.getLogger(RunningSubscription.class);

    private static final int PAGE = 500;

    private static final long LOG_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long READ_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Subscription subscription;
    private final LogTail tail;
    private final CheckpointPort checkpoints;
    private final ScheduledExecutorService timers;
    private final BooleanSupplier leaseValid;
    private final ThreadPoolExecutor workers;

    /** Guarded by this, as is what follows. The runners by number. */
    private final Map<Integer, SegmentRunner> owned = new TreeMap<>();

    private boolean isReading;
    private long growth;
    private int lastServed;
    private @Nullable String problem;
    private @Nullable String readProblem;
    private @Nullable String logged;
    private long loggedAt;
    private @Nullable Throwable stoppedBy;
    private boolean closed;

    RunningSubscription(
            Subscription subscription,
            LogTail tail,
            CheckpointPort checkpoints,
            ScheduledExecutorService timers,
            BooleanSupplier leaseValid) {
        this.subscription = subscription;
        this.tail = tail;
        this.checkpoints = checkpoints;
        this.timers = timers;
        this.leaseValid = leaseValid;
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
            if (closed || stoppedBy != null) {
                return;
            }
            Map<Integer, OwnedSegment> now = new HashMap<>();
            segments.forEach(segment -> now.put(segment.checkpoint().segment().number(), segment));
            owned.values().removeIf(runner -> !isStillOwned(runner, now.get(runner.number())));
            for (OwnedSegment segment : segments) {
                int number = segment.checkpoint().segment().number();
                SegmentRunner runner = owned.get(number);
                if (runner != null && segment.isSurplus()) {
                    surplus.add(runner);
                } else if (runner == null && missing.contains(number)) {
                    owned.put(number, new SegmentRunner(subscription, checkpoints, segment, this));
                }
            }
        }
        surplus.forEach(SegmentRunner::giveUp);
        readMore();
    }

    private static boolean isStillOwned(SegmentRunner runner, @Nullable OwnedSegment segment) {
        if (segment != null && segment.checkpoint().token() == runner.held().token()) {
            return true;
        }
        runner.drop();
        return false;
    }

    /** The lease is over: somebody else may own the segments by now. */
    synchronized void dropAll() {
        owned.values().forEach(SegmentRunner::drop);
        owned.clear();
    }

    /** The log has grown. */
    void grown() {
        synchronized (this) {
            growth++;
        }
        readMore();
    }

    @Override
    public void readMore() {
        synchronized (this) {
            if (isReading || closed || stoppedBy != null || next() == null) {
                return;
            }
            isReading = true;
        }
        work(this::read);
    }

    /** The next segment to read for: each in its turn. */
    private synchronized @Nullable SegmentRunner next() {
        SegmentRunner first = null;
        for (SegmentRunner runner : owned.values()) {
            if (runner.wantsMore(growth)) {
                if (runner.number() > lastServed) {
                    return runner;
                }
                first = first == null ? runner : first;
            }
        }
        return first;
    }

    private void read() {
        try {
            SegmentRunner next;
            while ((next = nextOrRest()) != null) {
                readFor(next);
                synchronized (this) {
                    readProblem = null;
                }
            }
        } catch (RuntimeException | LinkageError e) {
            if (e instanceof PositionAheadOfLogException || Failure.of(e) == Failure.CONFIGURATION) {
                stop(e);
            } else {
                synchronized (this) {
                    readProblem = Failure.describe(e);
                }
                log(e);
            }
            synchronized (this) {
                isReading = false;
            }
            later(this::readMore, READ_AGAIN_NANOS);
        }
    }

    private synchronized @Nullable SegmentRunner nextOrRest() {
        SegmentRunner next = closed || stoppedBy != null ? null : next();
        if (next == null) {
            isReading = false;
        } else {
            lastServed = next.number();
        }
        return next;
    }

    private void readFor(SegmentRunner runner) {
        GlobalPosition from = runner.readTo();
        long known;
        synchronized (this) {
            known = growth;
        }
        LogPage page = tail.read(new LogQuery(from, subscription.filter(), PAGE));
        Map<Integer, List<Routed>> routed = new HashMap<>();
        for (LogEntry entry : page.entries()) {
            String key = keyOf(entry);
            int number = SequencingPolicy.segmentOf(key, subscription.segments());
            routed.computeIfAbsent(number, unused -> new ArrayList<>()).add(new Routed(entry, key));
        }
        List<SegmentRunner> runners;
        synchronized (this) {
            runners = owned.values().stream()
                    .filter(each -> each == runner || each.wantsMore(growth))
                    .toList();
        }
        for (SegmentRunner each : runners) {
            each.offer(from, page, routed.getOrDefault(each.number(), List.of()), page.isLast() ? known : -1);
        }
    }

    private String keyOf(LogEntry entry) {
        try {
            return subscription.sequencing().keyOf(entry);
        } catch (RuntimeException | LinkageError e) {
            throw new StopSubscriptionException(
                    "Subscription '" + subscription.name() + "' cannot tell the sequencing key of the " + entry
                            + ". It has stopped, because it could not keep the order. Mend its sequencing policy, or what"
                            + " keeps the event from being read.",
                    e);
        }
    }

    @Override
    public void work(Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) {
            // shut down meanwhile: nothing is to be done any more
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
    public void report(Throwable error) {
        synchronized (this) {
            problem = Failure.describe(error);
        }
        log(error);
    }

    /** The same error once a minute. */
    private void log(Throwable error) {
        String text = Failure.describe(error);
        synchronized (this) {
            if (text.equals(logged) && System.nanoTime() - loggedAt < LOG_AGAIN_NANOS) {
                return;
            }
            logged = text;
            loggedAt = System.nanoTime();
        }
        LOGGER.warn(
                "Subscription '{}' cannot go on at the moment. Nothing is lost: it is tried again until it can.",
                subscription.name(),
                error);
    }

    @Override
    public synchronized void recovered() {
        problem = null;
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
        giveUpAll();
    }

    private void giveUpAll() {
        List<SegmentRunner> all;
        synchronized (this) {
            all = List.copyOf(owned.values());
        }
        all.forEach(SegmentRunner::giveUp);
    }

    /** Finishes what is being handled, and gives all segments up. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        giveUpAll();
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

    synchronized boolean isStopped() {
        return stoppedBy != null;
    }

    /** The segments that have been quiet, and where to move their checkpoints. */
    synchronized Map<SegmentRunner, GlobalPosition> toNote() {
        Map<SegmentRunner, GlobalPosition> quiet = new HashMap<>();
        for (SegmentRunner runner : owned.values()) {
            GlobalPosition reached = runner.toNote();
            if (reached != null) {
                quiet.put(runner, reached);
            }
        }
        return quiet;
    }

    synchronized SubscriptionStatus status() {
        return new SubscriptionStatus(
                subscription.name(),
                owned.values().stream().map(SegmentRunner::status).toList(),
                problem == null ? readProblem : problem,
                stoppedBy == null ? null : Failure.describe(stoppedBy));
    }
}
