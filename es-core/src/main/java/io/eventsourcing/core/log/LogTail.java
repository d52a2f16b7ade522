package io.eventsourcing.core.log;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.serialization.EventSerialization;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the log, read once for all followers of a node. One thread reads what is new and keeps the latest events in memory;
 * followers that keep up are served from there, so that ten idle followers cost no more statements than one. A follower that has
 * fallen behind what is kept reads the log for itself.
 *
 * <p>Nothing is lost where wake-ups are: the thread asks by itself, soon after it has found something, and slowly when idle. If the
 * log cannot be read it goes on trying, with the idle interval between, for ever.
 *
 * <p>What is read here may be behind the log by the time since the last look. Events of streams that were archived or deleted
 * meanwhile may still come, for as long as they are kept. Thread-safe.
 */
public final class LogTail implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogTail.class);

    private static final int BATCH = 1_000;

    private final EventLogPort log;
    private final EventSerialization serialization;
    private final TailSettings settings;
    private final Thread reader;

    /** Since when the thread waits for an answer of the log; null if it does not. */
    private volatile @Nullable Long lookingSince;

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final Condition woken = lock.newCondition();

    /** Guarded by the lock, as are the others; null until the log was read for the first time. */
    private @Nullable RecentEntries recent;

    private boolean wakeUp;
    private boolean closed;
    private boolean failing;

    /**
     * Starts to read at the end of the log.
     *
     * @param log where to read; of all tenants
     * @param serialization the one that the log reads with
     * @param settings how much to keep and how often to ask
     */
    public LogTail(EventLogPort log, EventSerialization serialization, TailSettings settings) {
        this.log = log;
        this.serialization = serialization;
        this.settings = settings;
        this.reader = new Thread(this::follow, "eventsourcing-log-tail");
        this.reader.setDaemon(true);
        this.reader.start();
    }

    /**
     * Calls a listener each time that there is more to read, and when the log can be read again after a failure. The call comes on
     * the thread that reads, so it must be short, must not block, and must not throw.
     *
     * @param listener what to call
     */
    public void onGrowth(Runnable listener) {
        listeners.add(listener);
    }

    /** Makes the tail look at once. Never blocks: many calls are one look. */
    public void wake() {
        lock.lock();
        try {
            wakeUp = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Drops what is kept in memory, so that what was read before is read from the log again, and looks at once. For when the log may be
     * another one: its server was restored, or failed over to one that was behind, and draws positions again. A failure to read does
     * the same.
     */
    public void forget() {
        drop();
        wake();
    }

    /**
     * Reads what comes after a position, as far as the tail has read. Without a statement where that is kept in memory.
     *
     * @param query where to start, what to look for, and how much
     * @return the events, oldest first, and where to continue; empty if nothing new is known
     */
    public LogPage read(LogQuery query) {
        Set<String> names = serialization.storedNames(query.filter().eventTypes());
        lock.lock();
        try {
            RecentEntries kept = recent;
            if (kept != null && kept.covers(query.after())) {
                return kept.page(query, entry -> query.filter().accepts(entry.stored(), names));
            }
        } finally {
            lock.unlock();
        }
        return advanced(log.read(query));
    }

    /** Who has read the log to its end, and found nothing, need not look again at what the tail knows. */
    private LogPage advanced(LogPage page) {
        lock.lock();
        try {
            GlobalPosition end = recent == null ? page.position() : recent.end();
            boolean isSearched = page.isLast() && end.compareTo(page.mark()) <= 0;
            return isSearched && end.compareTo(page.position()) > 0
                    ? new LogPage(page.entries(), end, page.mark(), true)
                    : page;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the tail has read beyond a position. Wait after a page that {@link LogPage#isLast() is the last}; what was there
     * before the tail began is not waited for.
     *
     * @param position how far the caller has come
     * @param atMost how long to wait
     * @return true if there is more to read; false if the time is over or the tail is closed
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(GlobalPosition position, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (!isBeyond(position) && !closed && left > 0) {
                left = grown.awaitNanos(left);
            }
            return isBeyond(position);
        } finally {
            lock.unlock();
        }
    }

    private boolean isBeyond(GlobalPosition position) {
        return recent != null && recent.end().compareTo(position) > 0;
    }

    /**
     * For how long the tail has been waiting for an answer of the log. A log that never answers reports no error.
     *
     * @return the time; null if it waits for none
     */
    public @Nullable Duration looking() {
        Long since = lookingSince;
        return since == null ? null : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Stops reading, and lets everybody who waits go. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            woken.signalAll();
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        long pause = settings.busyPoll().toNanos();
        do {
            pause = look()
                    ? settings.busyPoll().toNanos()
                    : Math.min(2 * pause, settings.idlePoll().toNanos());
        } while (rest(pause));
    }

    /** Reads all that is new; true if there was something. */
    private boolean look() {
        lookingSince = System.nanoTime();
        try {
            GlobalPosition position = end();
            boolean found = false;
            LogPage page;
            do {
                lookingSince = System.nanoTime();
                page = log.read(new LogQuery(position, LogFilter.ALL.withArchived(), BATCH));
                found |= add(page);
                position = page.position();
            } while (!page.isLast());
            reportRecovery();
            return found;
        } catch (RuntimeException | Error e) { // the thread must never end
            drop(); // the log may be another one when it can be read again
            reportFailure(e);
            return false;
        } finally {
            lookingSince = null;
        }
    }

    private GlobalPosition end() {
        RecentEntries kept = recent();
        return kept == null ? begin(log.now()) : kept.end();
    }

    private @Nullable RecentEntries recent() {
        lock.lock();
        try {
            return recent;
        } finally {
            lock.unlock();
        }
    }

    private GlobalPosition begin(GlobalPosition now) {
        lock.lock();
        try {
            recent = new RecentEntries(now, settings.capacity(), settings.keepFor());
            grown.signalAll(); // who waited through a failure may have missed what came meanwhile
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
        return now;
    }

    private void drop() {
        lock.lock();
        try {
            recent = null;
        } finally {
            lock.unlock();
        }
    }

    private boolean add(LogPage page) {
        boolean more = keep(page);
        if (more) {
            listeners.forEach(Runnable::run);
        }
        return more;
    }

    private boolean keep(LogPage page) {
        lock.lock();
        try {
            RecentEntries kept = recent;
            if (kept == null) {
                return false;
            }
            boolean more = page.position().compareTo(kept.end()) > 0;
            kept.add(page, System.nanoTime());
            kept.dropOld(System.nanoTime());
            if (more) {
                grown.signalAll();
            }
            return more;
        } finally {
            lock.unlock();
        }
    }

    /** Rests until it is time to look again; false if the tail was closed. */
    private boolean rest(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!wakeUp && !closed && left > 0) {
                left = woken.awaitNanos(left);
            }
            wakeUp = false;
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void reportFailure(Throwable e) {
        if (!failing) {
            failing = true;
            LOGGER.warn(
                    "The log cannot be read. Its followers on this node get nothing new until it can; it is tried again every {} ms.",
                    settings.idlePoll().toMillis(),
                    e);
        }
    }

    private void reportRecovery() {
        if (failing) {
            failing = false;
            LOGGER.info("The log can be read again.");
        }
    }
}
