package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendOutcomeUnknownException;
import io.eventsourcing.core.event.DuplicateEventIdException;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.TransientStoreException;
import io.eventsourcing.core.stream.StreamId;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Says what an SQL error means for an operation of the store. The server's details are left out, because they quote rows and
 * parameters, and so payloads. SQL states: PostgreSQL manual, appendix A.
 */
final class SqlErrors {

    private static final Set<String> GIVEN_UP = Set.of("40P01", "40001", "55P03", "57014");
    private static final String EVENT_ID_KEY = "event_tenant_event_id_key";
    private static final String POSITION_KEY = "event_pkey";

    /** No connection was made, so nothing was sent. */
    private static final Set<String> NOT_CONNECTED = Set.of("08001", "08004");

    private static final Set<String> SCHEMA_MISSING = Set.of("3F000", "42883", "42P01");

    /** The streams of an append; empty for an operation that can simply be repeated. */
    private final List<StreamId> appended;

    /** What to do where a table is missing. */
    private final String schemaAdvice;

    private SqlErrors(List<StreamId> appended, String schemaAdvice) {
        this.appended = appended;
        this.schemaAdvice = schemaAdvice;
    }

    static SqlErrors ofRepeatable() {
        return ofAppend(List.of());
    }

    static SqlErrors ofAppend(List<StreamId> streams) {
        return new SqlErrors(
                streams,
                "The schema of the event store is missing or does not fit this version of the library: migrate it with"
                        + " EventStoreSchema.");
    }

    static SqlErrors ofReadModel(String table) {
        return new SqlErrors(
                List.of(),
                "The table of the read model '" + table
                        + "' is made when its projection is started, unless that is switched off; a live projection has none.");
    }

    EventStoreException translate(SQLException e, boolean ambient) {
        String state = stateOf(e);
        if (NOT_CONNECTED.contains(state)) {
            return notConnected(e);
        }
        if (isConnectionLoss(state)) {
            return connectionLost(e, ambient);
        }
        if (GIVEN_UP.contains(state)) {
            return givenUp(e, state);
        }
        if (EVENT_ID_KEY.equals(violatedConstraint(e)) && !appended.isEmpty()) {
            return new DuplicateEventIdException(
                    appended.get(0),
                    "one of its event ids was recorded in another stream at the same time"
                            + (ambient ? ", and the surrounding transaction is lost" : ""));
        }
        return refused(e, state);
    }

    /** Some DataSources connect when the first statement is prepared. */
    static EventStoreUnavailableException notConnected(SQLException e) {
        return new EventStoreUnavailableException(
                "No connection to the event store's database could be had. Nothing was read or written."
                        + " Check that the database runs, accepts the login, and that the pool is large enough.",
                withoutDetail(e));
    }

    /** 40P01: deadlock; 40001: serialization failure; 55P03: lock not available; 57014: cancelled. */
    private EventStoreException givenUp(SQLException e, String state) {
        String reason = state.equals("57014")
                ? "PostgreSQL cancelled the call, because of a statement timeout or a cancel request ("
                : "The call lost against concurrent ones and was given up by PostgreSQL (";
        String advice = state.equals("40P01") && !appended.isEmpty()
                ? " To append to several streams in one transaction, use appendAll, which locks them in one order."
                : "";
        return new TransientStoreException(
                reason + describe(e)
                        + "). Nothing was written, and a surrounding transaction is lost. Retry the whole transaction."
                        + advice,
                withoutDetail(e));
    }

    private EventStoreException connectionLost(SQLException e, boolean ambient) {
        if (!ambient && !appended.isEmpty()) {
            return new AppendOutcomeUnknownException(
                    appended.stream().map(StreamId::toString).collect(Collectors.joining(", ")), withoutDetail(e));
        }
        String consequence = ambient
                ? "The surrounding transaction is lost with everything in it. Retry the whole transaction."
                : "Retry the call.";
        return new EventStoreUnavailableException(
                "The connection to the event store's database was lost (" + describe(e) + "). " + consequence,
                withoutDetail(e));
    }

    private EventStoreException refused(SQLException e, String state) {
        String advice = "Nothing was written.";
        if (SCHEMA_MISSING.contains(state)) {
            advice = "Nothing was written. " + schemaAdvice;
        } else if (state.equals("42501")) {
            advice = "Nothing was written. The role lacks a privilege: log in as the role that is meant for this (see"
                    + " docs/tenancy.md), or grant it.";
        } else if (state.equals("25P02")) {
            advice =
                    "Nothing was written. An SQL error before this call has ended the transaction, and was swallowed: let it end"
                            + " the transaction, or roll back to a savepoint.";
        } else if (state.equals("53200")) {
            advice =
                    "Nothing was written. PostgreSQL is out of memory for locks or rows: append less in one transaction, or"
                            + " raise max_locks_per_transaction.";
        } else if (state.equals("54000")) {
            advice = "Nothing was written, and a surrounding transaction is lost. Split it into smaller ones.";
        } else if (POSITION_KEY.equals(violatedConstraint(e))) {
            advice =
                    "Nothing was written. The sequence of the positions is behind the events, as after an incomplete restore:"
                            + " stop all writers, and set the sequence beyond the highest position.";
        } else if (state.startsWith("22")) {
            advice = "Nothing was written. PostgreSQL cannot store a value of the call.";
        }
        return new EventStoreRefusedException(
                "PostgreSQL refused the call (" + describe(e) + "). " + advice, withoutDetail(e));
    }

    /** Whether the server may have done, or may not, what it was asked for. */
    static boolean isConnectionLoss(SQLException e) {
        return isConnectionLoss(stateOf(e));
    }

    /** Class 08: connection exceptions; 57P01 to 57P05, and 25P03 after a time without statements: the server ended the session. */
    private static boolean isConnectionLoss(String state) {
        return (state.startsWith("08") && !NOT_CONNECTED.contains(state))
                || state.startsWith("57P0")
                || state.equals("25P03");
    }

    /**
     * Whether the error is one that an append may meet in a healthy store: a lock, an event id or a value. Classes 22 and 23: data
     * and constraints.
     */
    static boolean isOfTheAppend(SQLException e) {
        String state = stateOf(e);
        return GIVEN_UP.contains(state) || state.startsWith("22") || state.startsWith("23");
    }

    private static String stateOf(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    /** The error in a few words, without the server's detail. */
    static String describe(SQLException e) {
        return "SQL state " + stateOf(e) + ": " + primaryMessage(e);
    }

    /** The error with its state and stack, without the server's detail and context. */
    static SQLException withoutDetail(SQLException e) {
        SQLException safe = new SQLException(primaryMessage(e), e.getSQLState());
        safe.setStackTrace(e.getStackTrace());
        return safe;
    }

    private static @Nullable String violatedConstraint(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        return server == null ? null : server.getConstraint();
    }

    private static @Nullable String primaryMessage(SQLException e) {
        if (e instanceof PSQLException postgres) {
            ServerErrorMessage server = postgres.getServerErrorMessage();
            return server == null ? e.getMessage() : server.getMessage();
        }
        return e.getMessage();
    }
}
