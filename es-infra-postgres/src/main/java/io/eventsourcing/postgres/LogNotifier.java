package io.eventsourcing.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes that the log may have grown, or that commands were stored, by {@code NOTIFY}: never in the transaction that writes,
 * where its commit would take a lock of the whole server, but on a thread and a connection of its own, and at most once in an interval,
 * however much is written. Pass {@link #signal()} to {@link io.eventsourcing.core.log.AppendSignals#onAppend} and {@link #signalCommands()}
 * to {@link io.eventsourcing.core.command.CommandSignals#onStored}; {@link LogListener} is the other end.
 *
 * <p>A notification that cannot be sent is tried again; until then the others find what was written when they ask by themselves.
 * Thread-safe.
 */
public final class LogNotifier implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogNotifier.class);

    /** What a notification says: nothing, as it did before there were commands. */
    static final String APPENDED = "";

    static final String COMMANDS = "commands";

    private static final String NOTIFY = "select pg_notify(?, told) from unnest(?) as told";

    private final DataSource dataSource;
    private final String channel;
    private final long intervalNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** What is to be told. Guarded by the lock, as is the other. */
    private final Set<String> pending = new TreeSet<>();

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

    /** Has the others told soon that the log may have grown. Never blocks on the database. */
    public void signal() {
        signal(Set.of(APPENDED));
    }

    /** Has the others told soon that commands were stored. Never blocks on the database. */
    public void signalCommands() {
        signal(Set.of(COMMANDS));
    }

    private void signal(Set<String> told) {
        lock.lock();
        try {
            pending.addAll(told);
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
        for (Set<String> told = awaitPending(); !told.isEmpty(); told = awaitPending()) {
            if (!notifyOthers(told)) {
                signal(told);
            }
            if (!rest()) {
                return;
            }
        }
    }

    /** What is to be told, once there is something; nothing if closed. */
    private Set<String> awaitPending() {
        lock.lock();
        try {
            while (pending.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            Set<String> told = closed ? Set.of() : Set.copyOf(pending);
            pending.clear();
            return told;
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

    private boolean notifyOthers(Set<String> told) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
            statement.setString(1, channel);
            statement.setArray(2, connection.createArrayOf("text", told.toArray()));
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
                        "Other nodes cannot be notified of what is written here. They find it when they ask by themselves. {}",
                        SqlErrors.describe(e));
            }
            return false;
        }
    }
}
