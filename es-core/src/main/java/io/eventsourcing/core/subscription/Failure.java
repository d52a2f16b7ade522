package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.TransientStoreException;
import java.sql.SQLException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What an error of a batch means for its segment. SQL states: PostgreSQL manual, appendix A. */
enum Failure {
    /** Somebody else owns the segment. */
    LOST,
    /** The database cannot be worked with now; no event is at fault. */
    UNAVAILABLE,
    /** No retry mends it. */
    CONFIGURATION,
    /** The event, or its handler. */
    EVENT;

    /** What a standby answers who is asked to write: it was the primary, or will be. */
    private static final String READ_ONLY = "25006";

    private static final int LONGEST_TEXT = 2_000;

    /** What a batch failed with; errors of the handler are wrapped, all others are the store's. */
    static Failure of(Throwable error) {
        if (error instanceof SegmentLostException) {
            return LOST;
        }
        if (has(error, EventStoreUnavailableException.class::isInstance)
                || hasState(error, "08", "53", "57P", READ_ONLY)) {
            return UNAVAILABLE;
        }
        if (has(error, StopSubscriptionException.class::isInstance)
                || has(error, LinkageError.class::isInstance)
                || hasState(error, "42", "3F")) {
            return CONFIGURATION;
        }
        if (error instanceof HandlerFailedException) {
            return EVENT;
        }
        if (error instanceof EventStoreRefusedException) {
            return hasState(error, "22", "23") ? EVENT : CONFIGURATION;
        }
        return error instanceof TransientStoreException ? UNAVAILABLE : EVENT;
    }

    private static boolean hasState(Throwable error, String... starts) {
        return has(
                error,
                cause -> cause instanceof SQLException sql
                        && sql.getSQLState() != null
                        && Stream.of(starts).anyMatch(sql.getSQLState()::startsWith));
    }

    private static boolean has(Throwable error, Predicate<Throwable> wanted) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
                .limit(50)
                .anyMatch(wanted);
    }

    /** The class and message of an error, as they can be stored. */
    static String describe(Throwable error) {
        Throwable own = error;
        while ((own instanceof HandlerFailedException || own instanceof EventNotHandledException)
                && own.getCause() != null) {
            own = own.getCause();
        }
        StringBuilder text = new StringBuilder();
        textOf(own)
                .codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c)
                .limit(LONGEST_TEXT / 2)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    private static String textOf(Throwable error) {
        try {
            return error.toString();
        } catch (RuntimeException e) { // its message is made when it is asked for, and cannot be
            return error.getClass().getName();
        }
    }
}
