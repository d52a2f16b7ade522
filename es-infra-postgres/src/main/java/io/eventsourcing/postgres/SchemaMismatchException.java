package io.eventsourcing.postgres;

import io.eventsourcing.core.EventSourcingException;

/** The schema of an event store is missing, cannot be migrated, or does not fit this version of the library. Found at start. */
public final class SchemaMismatchException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Found by comparing versions.
     *
     * @param message what is wrong, with which values, with what consequence, and what to do
     */
    public SchemaMismatchException(String message) {
        super(message);
    }

    /**
     * Found because the database or Flyway refused something.
     *
     * @param message what is wrong, with which values, with what consequence, and what to do
     * @param cause the first report
     */
    public SchemaMismatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
