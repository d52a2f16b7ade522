package io.eventsourcing.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the followers of the log when another node has appended, and command workers when it has stored commands, by {@code LISTEN} on a
 * connection of its own, which it holds for as long as it lives. A connection that is lost is replaced, for ever, with pauses of up to 5
 * seconds between the attempts; after each loss all are woken, because notifications of the meantime are gone.
 *
 * <p>It only makes things faster: all ask by themselves as well. A pooler in transaction mode does not pass notifications on:
 * give a DataSource that connects to the server directly, or do without.
 */
public final class LogListener implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogListener.class);

    /** How long to wait for a notification before it is looked whether the connection still lives. */
    private static final int WAIT_MILLIS = 1_000;

    private static final int WAITS_BEFORE_CHECK = 30;

    private static final int CHECK_SECONDS = 5;

    private final DataSource dataSource;
    private final String channel;
    private final Runnable appended;
    private final Runnable commandsStored;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Retry retry = new Retry();

    /**
     * Starts to listen.
     *
     * @param dataSource where the connection is taken from: connected to the server directly
     * @param schemaName the name of the store's schema
     * @param wake what to call when the log may have grown; short, and never blocking
     * @throws IllegalArgumentException if the name cannot be used
     */
    public LogListener(DataSource dataSource, String schemaName, Runnable wake) {
        this(dataSource, schemaName, wake, () -> {});
    }

    /**
     * Starts to listen, for workers as well.
     *
     * @param dataSource where the connection is taken from: connected to the server directly
     * @param schemaName the name of the store's schema
     * @param appended what to call when the log may have grown; short, and never blocking
     * @param commandsStored what to call when commands were stored; short, and never blocking
     * @throws IllegalArgumentException if the name cannot be used
     */
    public LogListener(DataSource dataSource, String schemaName, Runnable appended, Runnable commandsStored) {
        this.dataSource = dataSource;
        this.channel = new SchemaName(schemaName).channel();
        this.appended = appended;
        this.commandsStored = commandsStored;
        Thread thread = new Thread(this::run, "eventsourcing-log-listener");
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops listening within a second, and gives the connection back. */
    @Override
    public void close() {
        closed.countDown();
    }

    private void run() {
        while (closed.getCount() > 0) {
            try (Connection connection = dataSource.getConnection()) {
                listen(connection);
            } catch (SQLException | RuntimeException e) {
                if (closed.getCount() > 0) { // or its pool was closed with it
                    report(e);
                    pause(retry.failed());
                }
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen \"" + channel + "\"");
            appended.run(); // for what came before
            commandsStored.run();
            waitForNotifications(connection);
            statement.execute("unlisten \"" + channel + "\"");
        }
    }

    private void waitForNotifications(Connection connection) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        int quiet = 0;
        while (closed.getCount() > 0) {
            PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
            reportRecovery();
            if (notifications != null && notifications.length > 0) {
                quiet = 0;
                wake(notifications);
            } else if (++quiet >= WAITS_BEFORE_CHECK) {
                quiet = 0;
                if (!connection.isValid(CHECK_SECONDS)) {
                    throw new SQLException("The connection does not answer.", "08006");
                }
            }
        }
    }

    private void wake(PGNotification[] notifications) {
        Set<String> told =
                Arrays.stream(notifications).map(PGNotification::getParameter).collect(Collectors.toSet());
        if (told.contains(LogNotifier.APPENDED)) {
            appended.run();
        }
        if (told.contains(LogNotifier.COMMANDS)) {
            commandsStored.run();
        }
    }

    /** After a wait, and not before: a pooler may accept LISTEN and close the connection. */
    private void reportRecovery() {
        if (!retry.isFresh()) {
            LOGGER.info("Notifications of other nodes are listened for again.");
            retry.succeeded();
        }
    }

    private void report(Exception e) {
        if (retry.isFresh()) {
            LOGGER.warn(
                    "Notifications of other nodes cannot be listened for. What they write is found when this node asks by itself,"
                            + " and it is tried again. {}",
                    e instanceof SQLException sql ? SqlErrors.describe(sql) : e.toString());
        }
    }

    private void pause(long nanos) {
        try {
            if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }
}
