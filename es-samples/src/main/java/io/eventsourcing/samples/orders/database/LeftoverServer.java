package io.eventsourcing.samples.orders.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a service that was killed leaves behind: its server, still running, or only the server's pid file. */
final class LeftoverServer {

    private static final Logger LOG = LoggerFactory.getLogger(LeftoverServer.class);
    private static final Duration STOP_WAIT = Duration.ofSeconds(10);

    private LeftoverServer() {}

    /**
     * Makes the folder free for a new server. Stops a process only if it is PostgreSQL on this very folder. The caller holds
     * the lock on the folder, so no living service uses that server.
     *
     * @throws LeftoverServerException if it cannot be told whose process it is, or if it does not stop
     */
    static void stop(Path data) {
        Path pidFile = data.resolve("postmaster.pid");
        processNamedIn(pidFile).ifPresent(process -> {
            if (isServerOn(data, process)) {
                LOG.info(
                        "Stopping PostgreSQL (process {}), left behind on {} by a service that was killed.",
                        process.pid(),
                        data);
                stop(data, process);
            } else {
                forget(pidFile);
            }
        });
    }

    private static Optional<ProcessHandle> processNamedIn(Path pidFile) {
        try {
            return Files.exists(pidFile)
                    ? ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(pidFile).get(0).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isServerOn(Path data, ProcessHandle process) {
        String[] arguments = process.info()
                .arguments()
                .orElseThrow(() -> new LeftoverServerException(
                        data,
                        process,
                        "may be a PostgreSQL server on them, but this cannot be seen from here",
                        "Stop that process if it is one, else delete postmaster.pid there."));
        return process.info()
                        .command()
                        .filter(path -> path.contains("postgres"))
                        .isPresent()
                && Arrays.asList(arguments).contains(data.toString());
    }

    /** PostgreSQL itself forgets a number that nobody has; here it belongs to another program by now. */
    private static void forget(Path pidFile) {
        try {
            Files.delete(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(Path data, ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(STOP_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new LeftoverServerException(
                    data,
                    process,
                    "was left behind by a service that was killed, and does not stop while sessions are open on it",
                    "End them, such as those of psql, and start the service again.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LeftoverServerException(
                    data, process, "was left behind by a service that was killed", "Start the service again.");
        }
    }
}
