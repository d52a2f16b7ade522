package io.eventsourcing.spring;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The login by which subscriptions follow the log.
 *
 * @param connections those that log in so
 * @param schema the name of the store's schema
 * @param role the role that is meant for it; null if none is named
 * @param isGiven whether there is a DataSource with {@link EventStoreSystemDataSource}; otherwise the application's logs in
 */
record SystemLogin(
        DataSource connections, String schema, @Nullable String role, boolean isGiven) {

    /**
     * Checks that it reads across tenants. That a database is away, or has no store, is left to those who use it.
     *
     * @throws SystemLoginException if it does not
     */
    void check() {
        String sql = "select current_user, \"" + schema + "\".may_read_all_tenants()";
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            if (!row.getBoolean(2)) {
                throw new SystemLoginException(this, row.getString(1));
            }
        } catch (SQLException e) {
            return;
        }
    }
}
