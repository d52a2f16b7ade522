package io.eventsourcing.postgres;

import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The surrounding transaction cannot append or read the log: its isolation is REPEATABLE READ or SERIALIZABLE; or it is read-only
 * and cannot append. Nothing was written or read.
 *
 * <p>Under those isolations a transaction goes on seeing the store as it was when it began, however long it waited for locks: a
 * plain version conflict would become an SQL error that aborts the caller, and a reader of the log would lose events.
 */
public final class UnsupportedTransactionException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    private UnsupportedTransactionException(String message) {
        super(message);
    }

    /** For an outcome 'isolation' or 'read-only' of one of the store's functions: says which transaction it was. */
    static UnsupportedTransactionException found(String outcome, Statement statement) throws SQLException {
        return outcome.equals("read-only")
                ? new UnsupportedTransactionException(
                        "The transaction is read-only, so nothing can be written in it. Call the event store in a"
                                + " read-write transaction, or outside of a transaction; and not on a standby.")
                : ofIsolation("written", statement);
    }

    /** For what a function of the log refused; null if it did not. */
    static void rejectRead(@Nullable String refused, Statement statement) throws SQLException {
        if ("isolation".equals(refused)) {
            throw ofIsolation("read", statement);
        }
        if ("role".equals(refused)) {
            throw new EventStoreRefusedException(
                    "This role may not read the events of all tenants, so that row-level security would hide them. Nothing was"
                            + " read. Read the log with the login of the system role, or one tenant's at a time.");
        }
        if ("standby".equals(refused)) {
            throw new EventStoreUnavailableException(
                    "The server is a standby, which does not know what is in flight on its primary, so that a reader of the log"
                            + " would lose events. Nothing was read. Read the log from the primary.");
        }
        if (refused != null) {
            throw new IllegalStateException(
                    "The log answered '" + refused + "', which is not known. Nothing was read.");
        }
    }

    private static UnsupportedTransactionException ofIsolation(String done, Statement statement) throws SQLException {
        try (Statement ask = statement.getConnection().createStatement();
                ResultSet row = ask.executeQuery("select current_setting('transaction_isolation')")) {
            row.next();
            return new UnsupportedTransactionException("The transaction has the isolation '" + row.getString(1)
                    + "', but the event store needs READ COMMITTED. Nothing was " + done
                    + ". Set the isolation of the surrounding transaction, or the default isolation of the connections, to READ"
                    + " COMMITTED.");
        }
    }
}
