package io.eventsourcing.samples.orders.database;

import java.nio.file.Path;

/** The folder cannot be had, because a server that nobody looks after runs on it. */
final class LeftoverServerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LeftoverServerException(Path data, ProcessHandle process, String problem, String action) {
        super("PostgreSQL was not started on the data in " + data + ": process " + process.pid() + " " + problem + ". "
                + action);
    }
}
