package io.eventsourcing.core.subscription;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a subscription cannot get over at the moment, for its status and the log; the same error is logged once a minute. Thread-safe. */
final class Outage {

    private static final Logger LOGGER = LoggerFactory.getLogger(Outage.class);

    private static final long LOG_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String subscription;

    /** Guarded by this, as is what follows. */
    private @Nullable String error;

    private @Nullable String logged;
    private long loggedAt;

    Outage(String subscription) {
        this.subscription = subscription;
    }

    /** Something failed, and is tried again. */
    void goesOn(Throwable cause) {
        synchronized (this) {
            error = Failure.describe(cause);
            if (error.equals(logged) && System.nanoTime() - loggedAt < LOG_AGAIN_NANOS) {
                return;
            }
            logged = error;
            loggedAt = System.nanoTime();
        }
        LOGGER.warn(
                "Subscription '{}' cannot go on at the moment. Nothing is lost: it is tried again until it can.",
                subscription,
                cause);
    }

    synchronized void isOver() {
        error = null;
    }

    /** The class and message of the error; null if there is none. */
    synchronized @Nullable String error() {
        return error;
    }
}
