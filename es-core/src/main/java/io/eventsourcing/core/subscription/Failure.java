package io.eventsourcing.core.subscription;

import io.eventsourcing.core.ErrorText;
import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.TransientStoreException;
import io.eventsourcing.core.serialization.UnknownEventTypeException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
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

    /** A statement in a transaction that an earlier error has ended: a handler went on after it. */
    private static final String IN_FAILED_TRANSACTION = "25P02";

    /** By a function of the store, which finds that it may not go on. */
    private static final String RAISED = "P0001";

    /** A privilege is missing, or, by the message alone, a policy does not let a row pass. */
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final String POLICY = "row-level security";

    /** What a batch failed with; errors of the handler are wrapped, all others are the store's. */
    static Failure of(Throwable error) {
        if (has(error, SegmentLostException.class::isInstance)) {
            return LOST;
        }
        if (isUnavailable(error)) {
            return UNAVAILABLE;
        }
        if (has(error, StopSubscriptionException.class::isInstance)
                || has(error, UnknownEventTypeException.class::isInstance) // another node may know it
                || has(error, LinkageError.class::isInstance)
                || (hasState(error, "42", "3F") && !has(error, Failure::isOfPolicy))) {
            return CONFIGURATION;
        }
        if (error instanceof HandlerFailedException) {
            return EVENT;
        }
        if (error instanceof EventStoreRefusedException) {
            return ofRefusal(error);
        }
        return error instanceof TransientStoreException ? UNAVAILABLE : EVENT;
    }

    /** What PostgreSQL refuses as it is; an error that it may get over is waited for. */
    private static Failure ofRefusal(Throwable error) {
        if (hasState(error, "22", "23", IN_FAILED_TRANSACTION) || has(error, Failure::isOfPolicy)) {
            return EVENT;
        }
        boolean isOfDatabase = has(error, SQLException.class::isInstance) && !hasState(error, RAISED);
        return isOfDatabase ? UNAVAILABLE : CONFIGURATION;
    }

    private static boolean isUnavailable(Throwable error) {
        return has(error, EventStoreUnavailableException.class::isInstance)
                || has(error, SQLTransientConnectionException.class::isInstance)
                || has(error, SQLNonTransientConnectionException.class::isInstance)
                || hasState(error, "08", "53", "57P", "25P03", READ_ONLY);
    }

    /** PostgreSQL has one SQL state for a missing privilege and for a row that a policy refuses, which is the event's. */
    private static boolean isOfPolicy(Throwable error) {
        return error instanceof SQLException sql
                && INSUFFICIENT_PRIVILEGE.equals(sql.getSQLState())
                && String.valueOf(sql.getMessage()).contains(POLICY);
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

    /** What a handler threw, without what was wrapped around it here. */
    static Throwable ofHandler(Throwable error) {
        Throwable own = error;
        while ((own instanceof HandlerFailedException
                        || own instanceof HandlerUnavailableException
                        || own instanceof EventNotHandledException)
                && own.getCause() != null) {
            own = own.getCause();
        }
        return own;
    }

    /** The class and message of an error, as they can be stored. */
    static String describe(Throwable error) {
        return ErrorText.of(ofHandler(error));
    }
}
