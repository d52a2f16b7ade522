package io.eventsourcing.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes that the log may have grown, by {@code NOTIFY}: never in an append's transaction, where its commit would take
 * a lock of the whole server, but on a thread and a connection of its own, and at most once in an interval, however many appends
 * there are. Pass {@link #signal()} to {@link io.eventsourcing.core.log.AppendSignals#onAppend}; {@link LogListener} is the other
 * end.
 *
 * <p>A notification that cannot be sent is tried again; until then the others find the events when they ask by themselves.
 * Thread-safe.
 */
public final class LogNotifier implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogNotifier.class);

    private final DataSource dataSource;
    private final String channel;
    private final long intervalNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock, as is the other. */
    private boolean pending;

    private boolean closed;
    private boolean failing;

    /**
     * Starts to send.
     *
     * @param dataSource where connections are taken from, each for one statement
     * @param schemaName the name of the store's schema
     * @param interval the least time between two notifications, such as 5 ms
     * @throws IllegalArgumentException if the name cannot be used or the interval is not positive
     */
    public LogNotifier(DataSource dataSource, String schemaName, Duration interval) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException(
                    "The interval of notifications must be longer than zero, but is " + interval + ".");
        }
        this.dataSource = dataSource;
        this.channel = new SchemaName(schemaName).channel();
        this.intervalNanos = interval.toNanos();
        Thread thread = new Thread(this::send, "eventsourcing-log-notifier");
        thread.setDaemon(true);
        thread.start();
    }

    /** Makes a notification be sent soon. Never blocks on the database. */
    public void signal() {
        lock.lock();
        try {
            pending = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Stops sending. What is pending is not sent: the others ask by themselves. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void send() {
        while (awaitPending()) {
            if (!notifyOthers()) {
                signal();
            }
            if (!rest()) {
                return;
            }
        }
    }

    private boolean awaitPending() {
        lock.lock();
        try {
            while (!pending && !closed) {
                changed.awaitUninterruptibly();
            }
            pending = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the interval pass; after a failure the time of a retry. False if closed. */
    private boolean rest() {
        lock.lock();
        try {
            long left = failing ? Retry.LONGEST_PAUSE_NANOS : intervalNanos;
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean notifyOthers() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("select pg_notify(?, '')")) {
            statement.setString(1, channel);
            statement.execute();
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            failing = false;
            return true;
        } catch (SQLException e) {
            if (!failing) {
                failing = true;
                LOGGER.warn(
                        "Other nodes cannot be notified of appends. They find them when they ask by themselves. {}",
                        SqlErrors.describe(e));
            }
            return false;
        }
    }
}
