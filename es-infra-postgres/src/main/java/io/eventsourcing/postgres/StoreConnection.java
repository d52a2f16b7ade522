package io.eventsourcing.postgres;

import io.eventsourcing.core.event.EventStoreUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Runs one SQL operation: in the Spring transaction that surrounds the call where there is one for this DataSource, and in a
 * transaction of its own otherwise. An operation is one statement, so a transaction of its own is one round trip.
 * Thread-safe.
 */
final class StoreConnection {

    private final DataSource dataSource;

    StoreConnection(DataSource dataSource) {
        this.dataSource = dataSource;
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
        Connection connection = open();
        boolean ambient = DataSourceUtils.isConnectionTransactional(connection, dataSource);
        try {
            return ambient ? execute(connection, sql, operation) : inOwnTransaction(connection, sql, operation);
        } catch (SQLException e) {
            throw errors.translate(e, ambient);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
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

    private Connection open() {
        try {
            return DataSourceUtils.doGetConnection(dataSource);
        } catch (SQLException e) {
            throw new EventStoreUnavailableException(
                    "No connection to the event store's database could be had. Nothing was read or written."
                            + " Check that the database runs, accepts the login, and that the pool is large enough.",
                    SqlErrors.withoutDetail(e));
        }
    }
}
