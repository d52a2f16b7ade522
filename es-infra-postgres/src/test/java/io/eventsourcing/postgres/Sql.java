package io.eventsourcing.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Plain SQL for tests, past the library. */
final class Sql {

    private Sql() {}

    static void execute(DataSource dataSource, String... statements) {
        try (Connection connection = dataSource.getConnection()) {
            execute(connection, statements);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    static void execute(Connection connection, String... statements) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> texts(DataSource dataSource, String sql, @Nullable Object... parameters) {
        try (Connection connection = dataSource.getConnection()) {
            return texts(connection, sql, parameters);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The first column of every row. */
    static List<String> texts(Connection connection, String sql, @Nullable Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                List<String> texts = new ArrayList<>();
                while (row.next()) {
                    texts.add(row.getString(1));
                }
                return texts;
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until a session of the database waits for such a lock: "advisory", "transactionid". */
    static void awaitLockWait(DataSource admin, String event) {
        Awaitility.await()
                .until(() -> number(
                                admin,
                                "select count(*) from pg_stat_activity where datname = current_database() and wait_event = ?",
                                event)
                        == 1);
    }

    static long number(DataSource dataSource, String sql, @Nullable Object... parameters) {
        return Long.parseLong(texts(dataSource, sql, parameters).get(0));
    }
}
