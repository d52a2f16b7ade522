package io.eventsourcing.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** An embedded server that commits durably, with a database that an ordinary role owns, as in production. */
final class BenchmarkDatabase implements AutoCloseable {

    private final EmbeddedPostgres server;

    BenchmarkDatabase() {
        try {
            server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("shared_buffers", "1GB")
                    .setServerConfig("max_wal_size", "8GB")
                    .setServerConfig("max_connections", "300")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL server did not start.", e);
        }
        execute("create role bench login nosuperuser nobypassrls", "create database bench owner bench");
    }

    /** Connections of the ordinary role. */
    HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(size);
        return new HikariDataSource(config);
    }

    String url() {
        return server.getJdbcUrl("bench", "bench");
    }

    /**
     * Lets each commit take longer by this time, as on a slower disk: {@code commit_delay} waits before the log is flushed. Microseconds,
     * up to 100,000.
     */
    void slowCommits(int micros) {
        execute(
                "alter system set commit_siblings = 0",
                "alter system set commit_delay = " + micros,
                "select pg_reload_conf()");
    }

    void createBaseline() {
        try (HikariDataSource pool = pool(1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(read("baseline.sql"));
        } catch (SQLException e) {
            throw new IllegalStateException("The baseline table could not be created.", e);
        }
    }

    /** The server's version and the settings on which figures depend. */
    String settings() {
        return "PostgreSQL " + show("server_version") + ", fsync " + show("fsync") + ", synchronous_commit "
                + show("synchronous_commit") + ", shared_buffers " + show("shared_buffers");
    }

    private String show(String setting) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show " + setting)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException("The setting " + setting + " could not be read.", e);
        }
    }

    private void execute(String... statements) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The benchmark's database could not be created.", e);
        }
    }

    private static String read(String resource) {
        try (InputStream sql = BenchmarkDatabase.class.getResourceAsStream(resource)) {
            if (sql == null) {
                throw new IllegalStateException(resource + " is missing on the class path.");
            }
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
