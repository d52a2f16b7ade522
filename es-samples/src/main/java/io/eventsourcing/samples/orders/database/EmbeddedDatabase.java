package io.eventsourcing.samples.orders.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A PostgreSQL server that runs as long as the service and keeps its data in a folder.
 *
 * <p>The service logs in as an ordinary role that owns the database: a superuser would pass by row-level security, which
 * keeps the tenants apart. Good for a first look and for development: the server trusts every login of this machine.
 */
final class EmbeddedDatabase implements JdbcConnectionDetails, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final Duration STARTUP_WAIT = Duration.ofSeconds(60);
    private static final String NAME = "orders";

    private final EmbeddedPostgres server;

    private EmbeddedDatabase(EmbeddedPostgres server) {
        this.server = server;
    }

    static EmbeddedDatabase start(Path folder) {
        Path data = folder.toAbsolutePath().normalize();
        EmbeddedDatabase database = new EmbeddedDatabase(launch(data));
        try {
            database.createOnce();
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        LOG.info(
                "PostgreSQL keeps its data in {}. Look into it with: psql -h localhost -p {} -U {} {}, and first say whose"
                        + " rows you want to see: set eventsourcing.tenant = 'acme';",
                data,
                database.server.getPort(),
                NAME,
                NAME);
        return database;
    }

    private static EmbeddedPostgres launch(Path data) {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    // called when no other service can use the folder any more
                    .setDataDirectoryCustomizer(folder -> LeftoverServer.stop(data))
                    // the service itself stops the server, after its last connection
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(STARTUP_WAIT)
                    // both are off unless said, and then a crash forgets what was acknowledged
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .start();
        } catch (LeftoverServerException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "PostgreSQL could not be started on the data in " + data + ": " + e.getMessage()
                            + ". If another order service runs on this folder, stop it or set orders.database.folder to"
                            + " another one. If the very first start was interrupted, delete the folder: it is incomplete.",
                    e);
        }
    }

    private void createOnce() {
        JdbcClient admin = JdbcClient.create(server.getPostgresDatabase());
        if (isMissing(admin, "select count(*) from pg_roles where rolname = ?")) {
            admin.sql("create role " + NAME + " login nosuperuser nobypassrls").update();
        }
        if (isMissing(admin, "select count(*) from pg_database where datname = ?")) {
            admin.sql("create database " + NAME + " owner " + NAME).update();
        }
    }

    private static boolean isMissing(JdbcClient admin, String count) {
        return admin.sql(count).param(NAME).query(Integer.class).single() == 0;
    }

    @Override
    public String getJdbcUrl() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + NAME;
    }

    @Override
    public String getUsername() {
        return NAME;
    }

    @Override
    public String getPassword() {
        return "";
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL could not be stopped.", e);
        }
    }
}
