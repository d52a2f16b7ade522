package io.eventsourcing.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The process of a server and its children, as the operating system sees them. */
final class Postmaster {

    private static final Duration POLL = Duration.ofMillis(5);

    private final ProcessHandle process;

    private Postmaster(ProcessHandle process) {
        this.process = process;
    }

    /** The server that runs on the data, as its pid file names it; empty if there is none. */
    static Optional<Postmaster> on(Path dataDirectory) {
        Path pidFile = dataDirectory.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
            return ProcessHandle.of(pid).filter(Postmaster::isPostgres).map(Postmaster::new);
        } catch (IOException e) {
            throw new UncheckedIOException("The process id of the embedded PostgreSQL could not be read.", e);
        }
    }

    /** After a crash the file stays, and its number may by now belong to any process. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .filter(path -> path.contains("postgres"))
                .isPresent();
    }

    /** Sends SIGKILL to all its processes, and waits until none is left. */
    void kill() {
        stopForking();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(Postmaster::awaitEnd);
    }

    /** Sends SIGKILL to one of its children, and waits until it is gone; false if it has no such child. */
    boolean killBackend(long pid) {
        Optional<ProcessHandle> backend =
                process.children().filter(child -> child.pid() == pid).findFirst();
        backend.ifPresent(ProcessHandle::destroyForcibly);
        backend.ifPresent(Postmaster::awaitEnd);
        return backend.isPresent();
    }

    /** Otherwise it could start a process that is not in the list of those to kill. */
    private void stopForking() {
        try {
            new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException("The server was not killed: signals can only be sent on a Unix.", e);
        }
    }

    /** A dead process that nobody has collected is alive to Java, but has no command. */
    private static void awaitEnd(ProcessHandle ending) {
        while (ending.isAlive() && ending.info().command().isPresent()) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }
}
