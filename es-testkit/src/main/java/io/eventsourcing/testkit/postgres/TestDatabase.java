package io.eventsourcing.testkit.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * An empty database and the ordinary role that owns it.
 *
 * <p>The role is no superuser and cannot bypass row-level security, because with a superuser every policy would seem to
 * work. It may create schemas and tables in this database and nothing elsewhere. Thread-safe.
 */
public final class TestDatabase {

    private final Login server;
    private final Login owner;

    private TestDatabase(Login server, Login owner) {
        this.server = server;
        this.owner = owner;
    }

    /** Makes a database as an administrator of the server. */
    static TestDatabase create(Login server) {
        String name = "es_test_" + UUID.randomUUID().toString().replace("-", "");
        execute(
                server,
                "CREATE ROLE " + name + " LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD '" + name
                        + "'",
                // an administrator who is no superuser must be a member to give the role a database
                "GRANT " + name + " TO CURRENT_USER",
                "CREATE DATABASE " + name + " OWNER " + name);
        return new TestDatabase(server, server.on(name).as(name, name));
    }

    void drop() {
        execute(server, "DROP DATABASE " + user() + " WITH (FORCE)", "DROP ROLE " + user());
    }

    /**
     * The JDBC URL, without user and password.
     *
     * @return the URL
     */
    public String url() {
        return owner.url();
    }

    /**
     * The ordinary role that owns the database.
     *
     * @return the role's name
     */
    public String user() {
        return owner.user();
    }

    /**
     * The password of {@link #user()}.
     *
     * @return the password
     */
    public String password() {
        return owner.password();
    }

    /**
     * Connections of the ordinary role, each a new one: there is no pool.
     *
     * @return the data source
     */
    public DataSource dataSource() {
        return owner.dataSource();
    }

    /**
     * Connections of the administrator to this database, for what an application must not do, such as terminating a
     * backend or creating a role.
     *
     * @return the data source
     */
    public DataSource adminDataSource() {
        return server.on(user()).dataSource();
    }

    private static void execute(Login server, String... statements) {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "A database for tests could not be made or removed: " + e.getMessage()
                            + ". The administrator's login must be able to connect, and may need CREATEDB and CREATEROLE.",
                    e);
        }
    }
}
