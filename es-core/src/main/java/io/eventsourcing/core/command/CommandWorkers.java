package io.eventsourcing.core.command;

import io.eventsourcing.core.ErrorText;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.stream.StreamId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the commands that wait in the store, together with the workers of other nodes: each command is with one of them at a time.
 *
 * <p>It takes no more commands than it has threads free, asks for more time for those that take long, and gives back for another attempt
 * what fails. When the node dies, its commands are taken over when their leases are over; what it had committed counts, and what it had not
 * is decided on anew. Errors of the store end nothing: it is tried again for ever. Thread-safe.
 */
public final class CommandWorkers implements JobSchedulerPort, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(CommandWorkers.class);

    /** After so many commands of one stream in a row, those that are due longest come first again. */
    private static final int MOST_IN_A_ROW = 100;

    /** Where more commands wait than there are threads, half of them are given new ones together, unless they are busy for longer. */
    private static final long GATHERING_NANOS = 2_000_000;

    private static final Duration AFTER_ERROR = Duration.ofSeconds(1);

    private final CommandQueuePort queue;
    private final WorkerSettings settings;
    private final CommandWork work;
    private final Map<String, Integer> types;
    private final ExecutorService workers;
    private final ScheduledExecutorService timers;
    private final Set<Claim> held = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock, as is what follows. */
    private int busy;

    private boolean isWoken;
    private boolean isClosed;
    private @Nullable String problem;
    private @Nullable String leaseProblem;

    /** Whether there were as many commands as threads; of the thread that takes them. */
    private boolean isBehind;

    /**
     * Begins to handle commands.
     *
     * @param bus handles them
     * @param queue where they wait
     * @param settings how the node takes part
     */
    public CommandWorkers(DirectCommandBus bus, CommandQueuePort queue, WorkerSettings settings) {
        this.queue = queue;
        this.settings = settings;
        this.work = new CommandWork(bus.executor(), queue, settings.retry());
        this.types = bus.executor().handlers().serialization().types().all().values().stream()
                .collect(Collectors.toUnmodifiableMap(VersionedType::name, VersionedType::schemaVersion));
        this.workers = WorkerThreads.atMost(settings.threads());
        this.timers = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "eventsourcing-command-leases"));
        long period = settings.lease().toNanos() / 3;
        ScheduledFuture<?> unused = timers.scheduleAtFixedRate(this::extend, period, period, TimeUnit.NANOSECONDS);
        daemon(this::run, "eventsourcing-command-queue").start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            isWoken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable String problem() {
        lock.lock();
        try {
            return problem == null ? leaseProblem : problem;
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many commands are being handled on this node.
     *
     * @return the number
     */
    public int busy() {
        lock.lock();
        try {
            return busy;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        int free;
        while ((free = awaitFree()) > 0) {
            List<ClaimedCommand> claimed = claim(free, null);
            claimed.forEach(this::start);
            isBehind = claimed.size() == free;
            if (claimed.size() < free) {
                rest(problem() == null ? settings.idlePoll() : AFTER_ERROR);
            }
        }
    }

    /** How many threads are free, once one is; 0 if this is closed. */
    private int awaitFree() {
        lock.lock();
        try {
            while (busy >= settings.threads() && !isClosed) {
                changed.awaitUninterruptibly();
            }
            if (isBehind) {
                gather();
            }
            isWoken = false;
            return isClosed ? 0 : settings.threads() - busy;
        } finally {
            lock.unlock();
        }
    }

    private void gather() {
        try {
            long left = GATHERING_NANOS;
            while (busy > settings.threads() / 2 && !isClosed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // nobody interrupts it; and if, it takes fewer commands
        }
    }

    private void rest(Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (!isWoken && !isClosed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // nobody interrupts it; and if, it looks once more
        } finally {
            lock.unlock();
        }
    }

    private List<ClaimedCommand> claim(int limit, @Nullable StreamId stream) {
        try {
            List<ClaimedCommand> claimed =
                    queue.claim(new ClaimRequest(settings.name(), limit, settings.lease(), types, stream));
            claimed.forEach(each -> held.add(each.claim()));
            noteProblem(null);
            return claimed;
        } catch (RuntimeException | Error e) { // whatever it is, somebody must look again
            noteProblem(e);
            return List.of();
        }
    }

    private void noteProblem(@Nullable Throwable e) {
        boolean isNew;
        lock.lock();
        try {
            isNew = (problem == null) != (e == null);
            problem = e == null ? null : ErrorText.of(e);
        } finally {
            lock.unlock();
        }
        if (isNew && e != null) {
            LOGGER.warn(
                    "No commands can be taken from the store. They wait; it is tried again until it can be done.", e);
        } else if (isNew) {
            LOGGER.info("Commands can be taken from the store again.");
        }
    }

    private void start(ClaimedCommand claimed) {
        lock.lock();
        try {
            busy++;
        } finally {
            lock.unlock();
        }
        try {
            workers.execute(() -> handle(claimed));
        } catch (RejectedExecutionException | OutOfMemoryError e) { // closing, or the system gives no thread
            noteProblem(e);
            held.remove(claimed.claim());
            thenBeFree(() -> queue.release(List.of(claimed.claim())));
        }
    }

    private void handle(ClaimedCommand first) {
        thenBeFree(() -> {
            ClaimedCommand next = first;
            for (int i = 0; next != null && i < MOST_IN_A_ROW; i++) {
                next = handleOne(next) && next.hasNext() ? nextOf(next.command().stream()) : null;
            }
            if (next != null) {
                held.remove(next.claim());
                queue.release(List.of(next.claim()));
            }
        });
    }

    /** Runs a task, after which there is room for another command. */
    private void thenBeFree(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOGGER.warn("A command could not be given back. It is taken again when its lease is over.", e);
        } finally {
            lock.lock();
            try {
                busy--;
                isWoken = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether it is over, so that the next one of its stream may come. */
    private boolean handleOne(ClaimedCommand claimed) {
        try {
            return work.handle(claimed);
        } finally {
            held.remove(claimed.claim());
        }
    }

    /** Without a look at all streams, of which the longest may be this one. One that is stored meanwhile is found by such a look. */
    private @Nullable ClaimedCommand nextOf(StreamId stream) {
        lock.lock();
        try {
            if (isClosed) {
                return null;
            }
        } finally {
            lock.unlock();
        }
        List<ClaimedCommand> next = claim(1, stream);
        return next.isEmpty() ? null : next.get(0);
    }

    private void extend() {
        Set<Claim> before = Set.copyOf(held);
        if (before.isEmpty()) {
            noteLeaseProblem(null);
            return;
        }
        try {
            queue.extend(before, settings.lease());
            noteLeaseProblem(null);
        } catch (RuntimeException | Error e) { // a timer that throws is never called again
            noteLeaseProblem(ErrorText.of(e));
            LOGGER.warn(
                    "The leases of {} commands could not be extended. It is tried again; if it fails until they are over, others take"
                            + " the commands over, and what is handled here is in vain.",
                    before.size(),
                    e);
        }
    }

    private void noteLeaseProblem(@Nullable String found) {
        lock.lock();
        try {
            leaseProblem = found;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes no more commands, and waits for those that are being handled, no longer than the settings say. Those that take longer are taken
     * over by others when their leases are over, unless they end before that.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
            long left = settings.closeWithin().toNanos();
            while (busy > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (busy > 0) {
                LOGGER.warn(
                        "{} commands are still being handled. Other nodes take them over when their leases are over, unless they end"
                                + " before that.",
                        busy);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        timers.shutdownNow();
        workers.shutdown();
    }
}
