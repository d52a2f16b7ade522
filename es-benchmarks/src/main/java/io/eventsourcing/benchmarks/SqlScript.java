package io.eventsourcing.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Runs statements for a benchmark, each in a transaction of its own. */
final class SqlScript {

    private SqlScript() {}

    static void run(DataSource dataSource, String... statements) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the only row; the rows of all tenants are seen. */
    static long number(DataSource dataSource, String query) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            readAllTenants(connection);
            try (ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For the rest of the session: the policies of the library let it read what belongs to all tenants. */
    static void readAllTenants(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set eventsourcing.all_tenants = 'on'");
        }
    }
}
