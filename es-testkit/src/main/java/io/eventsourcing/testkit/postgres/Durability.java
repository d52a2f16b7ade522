package io.eventsourcing.testkit.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Asks the server itself whether a commit that it acknowledges is on the disk: the defaults of test servers are off. */
final class Durability {

    private Durability() {}

    static void require(Login server) {
        requireOn(server, "fsync");
        requireOn(server, "synchronous_commit");
    }

    private static void requireOn(Login server, String setting) {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW " + setting)) {
            result.next();
            String value = result.getString(1);
            if (!value.equals("on")) {
                throw new IllegalStateException("The PostgreSQL for tests was started with " + setting + "=" + value
                        + ", so commits that it acknowledged could be lost. No test was run. Set it to on.");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The PostgreSQL for tests does not answer: " + e.getMessage() + ".", e);
        }
    }
}
