package io.eventsourcing.core.subscription;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the parts of a subscription cannot get over at the moment, for its status and the log: a part that goes on says nothing about
 * another one. The same error is logged once a minute. Thread-safe.
 */
final class Outage {

    private static final Logger LOGGER = LoggerFactory.getLogger(Outage.class);

    private static final long LOG_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String subscription;

    /** Guarded by this, as is what follows. The errors by what they hinder. */
    private final SortedMap<String, String> errors = new TreeMap<>();

    private @Nullable String logged;
    private long loggedAt;

    Outage(String subscription) {
        this.subscription = subscription;
    }

    /** A part failed, and tries again. */
    void goesOn(String part, Throwable cause) {
        String error = Failure.describe(cause);
        synchronized (this) {
            errors.put(part, error);
            if (error.equals(logged) && System.nanoTime() - loggedAt < LOG_AGAIN_NANOS) {
                return;
            }
            logged = error;
            loggedAt = System.nanoTime();
        }
        LOGGER.warn(
                "Subscription '{}' cannot go on at the moment: {}. Nothing is lost: it is tried again until it can.",
                subscription,
                part,
                cause);
    }

    /** A part goes on, or there is none of this name any more. */
    synchronized void isOver(String part) {
        errors.remove(part);
    }

    /** The first part that is hindered, and the class and message of its error; null if there is none. */
    synchronized @Nullable String error() {
        return errors.isEmpty() ? null : errors.firstKey() + ": " + errors.get(errors.firstKey());
    }
}
