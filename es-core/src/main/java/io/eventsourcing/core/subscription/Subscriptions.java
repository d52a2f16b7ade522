package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs subscriptions on this node, together with the other nodes that run the same ones: each event is handled on one of them.
 *
 * <p>The segments of a subscription are spread evenly over the nodes that run it. A node owns a segment by a lease on the store's
 * clock, which it renews; when it ends, it gives its segments up and nothing is handled twice; when it dies, others take them over
 * when the lease is over, from the last checkpoint. A node that was suspended beyond its lease cannot move a checkpoint any more.
 *
 * <p>An idle node costs one statement for each renewal, for all subscriptions together, besides those of its {@link LogTail}. Errors
 * of the store end nothing: they are tried again for ever, and stand in the {@link #status()}. Thread-safe.
 */
public final class Subscriptions implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Subscriptions.class);

    private static final int RENEWALS_BETWEEN_NOTES = 5;

    /** A long lease is renewed more often, because a renewal also takes what has become free. */
    private static final long LONGEST_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A renewal and the notes of quiet segments may each wait for the store, and the pauses go on beside them. */
    private static final int TIMER_THREADS = 3;

    /** A look at the end of the log takes milliseconds. */
    private static final Duration UNANSWERED = Duration.ofSeconds(10);

    private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LogTail tail;
    private final EventLogPort log;
    private final CheckpointPort checkpoints;
    private final SubscriptionSettings settings;
    private final NodeLease lease;
    private final QuietSegments quietSegments;
    private final ParkedEvents parked;
    private final Map<String, RunningSubscription> running = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timers;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** Only the timer of the renewals uses it, which is never two at a time. */
    private int renewals;

    /**
     * Begins to take part, with no subscription yet.
     *
     * @param tail the end of the log, which stays open when this is closed
     * @param log the log
     * @param checkpoints keeps the state of the subscriptions
     * @param settings how the node takes part
     */
    public Subscriptions(LogTail tail, EventLogPort log, CheckpointPort checkpoints, SubscriptionSettings settings) {
        this.tail = tail;
        this.log = log;
        this.checkpoints = checkpoints;
        this.settings = settings;
        // new tokens may be those of another server, whose log may be another one
        this.lease = new NodeLease(checkpoints, settings, tail::forget);
        this.quietSegments = new QuietSegments(checkpoints);
        this.parked = new ParkedEvents(checkpoints, log, this::subscription);
        this.timers = new ScheduledThreadPoolExecutor(TIMER_THREADS, Subscriptions::thread);
        long period = Math.min(settings.lease().toNanos() / 3, LONGEST_PERIOD_NANOS);
        var unused = timers.scheduleAtFixedRate(this::renewAndNote, period, period, TimeUnit.NANOSECONDS);
        tail.onGrowth(() -> running.values().forEach(RunningSubscription::grown));
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "eventsourcing-subscriptions");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Runs a subscription. The first time that its store meets it, this decides where it starts. One of this name that has stopped
     * because of an error is replaced.
     *
     * @param subscription the subscription
     * @throws SubscriptionMismatchException if the store knows one of this name that is divided differently
     * @throws PositionAheadOfLogException if it starts where the log has not come to
     * @throws IllegalStateException if this is closed, or runs one of this name
     */
    public void start(Subscription subscription) {
        refuseIfClosed(subscription);
        RunningSubscription before = running.get(subscription.name());
        if (before != null && before.isStopped()) {
            stop(subscription.name());
        } else if (before != null) {
            throw runsAlready(subscription.name());
        }
        checkpoints.register(
                subscription.name(),
                subscription.sequencing().over(subscription.segments()),
                () -> firstStart(subscription));
        RunningSubscription added = new RunningSubscription(subscription, tail, checkpoints, timers, lease::isValid);
        if (running.putIfAbsent(subscription.name(), added) != null) {
            added.shutDown();
            throw runsAlready(subscription.name());
        }
        if (isClosed.get()) { // meanwhile, and perhaps without this one
            added.close();
            added.shutDown();
        }
        refuseIfClosed(subscription);
        Timers.after(timers, 0, this::renew);
    }

    private void refuseIfClosed(Subscription subscription) {
        if (isClosed.get()) {
            throw new IllegalStateException("The subscriptions of this node are closed. Subscription '"
                    + subscription.name() + "' was not started.");
        }
    }

    private GlobalPosition firstStart(Subscription subscription) {
        GlobalPosition start = startInLog(subscription);
        LOGGER.info("Subscription '{}' is new in this store. It starts after position {}.", subscription.name(), start);
        return start;
    }

    private GlobalPosition startInLog(Subscription subscription) {
        try {
            return subscription.start().in(log);
        } catch (PositionAheadOfLogException e) {
            throw new PositionAheadOfLogException(subscription.name(), e);
        }
    }

    private static IllegalStateException runsAlready(String name) {
        return new IllegalStateException("This node runs a subscription '" + name
                + "' already. The second one was not started. Stop the first one, or name it differently.");
    }

    /**
     * Stops a subscription on this node: what is being handled is finished, and the other nodes take its segments over. Does nothing
     * if this node does not run it.
     *
     * @param name its name
     */
    public void stop(String name) {
        RunningSubscription stopped = running.get(name);
        if (stopped != null) {
            end(List.of(stopped), System.nanoTime() + settings.closeWithin().toNanos());
            Timers.after(timers, 0, this::renew);
        }
    }

    /**
     * Stops all subscriptions on this node, and gives everything up to the other nodes, at once. Waits no longer than the settings say;
     * a handler that takes longer has its batch handled again, by another node. Subscriptions can be started again.
     */
    public void stopAll() {
        stopAll(this::renew);
    }

    private void stopAll(Runnable leave) {
        long deadline = System.nanoTime() + settings.closeWithin().toNanos();
        end(List.copyOf(running.values()), deadline);
        await(leave, Math.max(deadline - System.nanoTime(), LEAVE_NANOS));
    }

    private void renew() {
        lease.renew(running.values());
    }

    private void renewAndNote() {
        renew();
        renewals = (renewals + 1) % RENEWALS_BETWEEN_NOTES;
        if (renewals == 0) { // not here: it may wait for the store, and the next renewal must not wait for it
            Timers.after(timers, 0, () -> quietSegments.note(running.values()));
        }
    }

    /**
     * How the subscriptions of this node are doing.
     *
     * @return a status for each, in the order of their names
     */
    public List<SubscriptionStatus> status() {
        return running.keySet().stream()
                .sorted()
                .map(running::get)
                .filter(subscription -> subscription != null)
                .map(subscription -> withProblemOfNode(subscription.status()))
                .toList();
    }

    /** What hangs reports nothing. */
    private SubscriptionStatus withProblemOfNode(SubscriptionStatus status) {
        String problem = status.problem();
        if (problem == null) {
            problem =
                    Activity.problem("The end of the log has been read without an answer", tail.looking(), UNANSWERED);
        }
        if (problem == null) {
            problem = Activity.problem(
                    "The checkpoints of quiet segments have been moved without an answer",
                    quietSegments.noting(),
                    UNANSWERED);
        }
        if (problem == null && lease.isOverdue()) {
            problem = "The lease of this node has not been renewed in time.";
        }
        return new SubscriptionStatus(status.name(), status.segments(), problem, status.stoppedBy());
    }

    /**
     * Notes in the store how far the segments of this node have come in which nothing was to be handled. This happens by itself from time
     * to time; who compares the positions of different subscriptions does not want to wait for that.
     */
    public void noteProgress() {
        quietSegments.note(running.values());
    }

    /**
     * Waits until a subscription that this node runs has passed events, on whichever node: they are handled, or parked, or it does not look for
     * them.
     *
     * @param subscription its name
     * @param positions where the events stand in the log
     * @param atMost how long to wait
     * @return false if the time was over before
     * @throws IllegalArgumentException if this node does not run the subscription
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean awaitPassed(String subscription, List<GlobalPosition> positions, Duration atMost)
            throws InterruptedException {
        return new PassedEvents(subscription(subscription), log, checkpoints).await(positions, atMost);
    }

    /**
     * The events that these subscriptions have parked.
     *
     * @return what lists, retries and discards them
     */
    public ParkedEvents parked() {
        return parked;
    }

    private Subscription subscription(String name) {
        RunningSubscription found = running.get(name);
        if (found == null) {
            throw new IllegalArgumentException("This node runs no subscription '" + name
                    + "'. Nothing was done. It runs: " + String.join(", ", new TreeSet<>(running.keySet())) + ".");
        }
        return found.subscription();
    }

    /** {@link #stopAll() Stops all subscriptions}, for good. */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            stopAll(lease::close);
            timers.shutdownNow();
        }
    }

    /** On a thread of its own, because a renewal may hang, and this waits for it. */
    private void await(Runnable leave, long withinNanos) {
        try {
            timers.submit(leave).get(withinNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOGGER.warn(
                    "This node could not give its subscriptions up. Others take them over when its lease is over.", e);
        }
    }

    private void end(Collection<RunningSubscription> ending, long deadlineNanos) {
        ending.forEach(RunningSubscription::close);
        for (RunningSubscription each : ending) {
            try {
                if (!each.awaitEnd(deadlineNanos)) {
                    LOGGER.warn(
                            "A handler of subscription '{}' is still at work. Its batch will not count, and is handled again.",
                            each.subscription().name());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            each.shutDown();
            running.remove(each.subscription().name(), each);
        }
    }
}
