package io.eventsourcing.core.subscription;

import io.eventsourcing.core.EventSourcingException;
import java.time.Duration;

/** A handler needs something that is not available now, such as a database; what it handled stands. Never leaves the package. */
final class HandlerUnavailableException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    private final Duration pause;

    HandlerUnavailableException(Duration pause, Throwable cause) {
        super("A handler needs something that is not available.", cause);
        this.pause = pause;
    }

    /** When to call the handler again. */
    Duration pause() {
        return pause;
    }
}
