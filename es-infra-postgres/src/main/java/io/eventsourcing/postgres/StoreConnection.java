package io.eventsourcing.postgres;

import io.eventsourcing.core.event.EventStoreUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Runs one SQL operation: in the Spring transaction that surrounds the call where there is one for this DataSource, and in a
 * transaction of its own otherwise. An operation is one statement, so a transaction of its own is one round trip.
 *
 * <p>Spring also shares connections in scopes without a transaction of this DataSource (SUPPORTS, NOT_SUPPORTED, the
 * transaction of another DataSource), and nobody commits there. So a connection is taken from Spring only if a transaction is
 * active and has one bound that does not commit by itself, and any other is our own to commit. Thread-safe.
 */
final class StoreConnection {

    private final DataSource dataSource;
    private final DataSource alone;

    StoreConnection(DataSource dataSource) {
        this(dataSource, dataSource);
    }

    /** Takes connections for transactions of its own from another pool than that of surrounding transactions. */
    StoreConnection(DataSource dataSource, DataSource alone) {
        this.dataSource = withoutTransactionAwareness(dataSource);
        this.alone = withoutTransactionAwareness(alone);
    }

    /**
     * The DataSource to which transactions are bound. A transaction-aware proxy would hand out the surrounding transaction's
     * connection as if it were a new one, and what was appended there was once committed although the transaction was rolled
     * back.
     */
    private static DataSource withoutTransactionAwareness(DataSource dataSource) {
        DataSource target =
                dataSource instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : null;
        if (target != null) {
            return withoutTransactionAwareness(target);
        }
        if (isTransactionAware(dataSource)) {
            throw new IllegalArgumentException(
                    "The DataSource " + dataSource.getClass().getName()
                            + " stands before a TransactionAwareDataSourceProxy, so that nothing could tell a surrounding transaction's"
                            + " connections from others. The event store was not made. Give it the DataSource behind that proxy, or put"
                            + " the proxy outside of all others.");
        }
        return dataSource;
    }

    private static boolean isTransactionAware(DataSource dataSource) {
        try {
            return dataSource.isWrapperFor(TransactionAwareDataSourceProxy.class);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Binds the parameters of a statement, runs it, and reads its result. */
    @FunctionalInterface
    interface Operation<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    /** Runs an operation that reads, or that can simply be repeated. */
    <T> T run(String sql, Operation<T> operation) {
        return run(sql, operation, SqlErrors.ofRepeatable());
    }

    /** Runs an operation whose errors mean something of their own. */
    <T> T run(String sql, Operation<T> operation, SqlErrors errors) {
        boolean shared = isInTransaction();
        Connection connection = open(shared);
        boolean ambient = false;
        try {
            ambient = shared && !connection.getAutoCommit();
            return ambient ? execute(connection, sql, operation) : inOwnTransaction(connection, sql, operation);
        } catch (SQLException e) {
            throw errors.translate(e, ambient);
        } finally {
            release(connection, shared);
        }
    }

    /**
     * Runs an operation in a transaction of its own, whatever surrounds the call, and leaves its errors to the caller.
     *
     * @throws EventStoreUnavailableException if there is no connection
     */
    <T> T runAlone(String sql, Operation<T> operation) throws SQLException {
        Connection connection = open(false);
        try {
            return inOwnTransaction(connection, sql, operation);
        } finally {
            release(connection, false);
        }
    }

    /**
     * Does work in a part of the surrounding transaction that is undone if the work throws, whatever becomes of the rest. Savepoints of the
     * connection are there under each transaction manager, also those that know no nested transactions.
     */
    <T> T inSavepoint(Supplier<T> work, SqlErrors errors) {
        Connection connection = open(true);
        try {
            Savepoint before = connection.setSavepoint();
            T result;
            try {
                result = work.get();
            } catch (RuntimeException | Error e) {
                rollback(connection, before, e);
                throw e;
            }
            connection.releaseSavepoint(before);
            return result;
        } catch (SQLException e) {
            throw errors.translate(e, true);
        } finally {
            release(connection, true);
        }
    }

    private static void rollback(Connection connection, Savepoint to, Throwable reason) {
        try {
            connection.rollback(to);
        } catch (SQLException e) {
            reason.addSuppressed(SqlErrors.withoutDetail(e));
        }
    }

    /** Whether this thread's operations share the connection of a transaction that surrounds them. */
    boolean isInTransaction() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.hasResource(dataSource);
    }

    private <T> T inOwnTransaction(Connection connection, String sql, Operation<T> operation) throws SQLException {
        if (connection.getAutoCommit()) {
            return execute(connection, sql, operation);
        }
        try {
            T result = execute(connection, sql, operation);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            rollback(connection, e);
            throw e;
        }
    }

    private <T> T execute(Connection connection, String sql, Operation<T> operation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            DataSourceUtils.applyTransactionTimeout(statement, dataSource);
            return operation.run(statement);
        }
    }

    private static void rollback(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(SqlErrors.withoutDetail(e));
        }
    }

    private Connection open(boolean shared) {
        try {
            return shared ? DataSourceUtils.doGetConnection(dataSource) : alone.getConnection();
        } catch (SQLException e) {
            throw SqlErrors.notConnected(e);
        }
    }

    private void release(Connection connection, boolean shared) {
        if (shared) {
            DataSourceUtils.releaseConnection(connection, dataSource);
        } else {
            JdbcUtils.closeConnection(connection);
        }
    }
}
