package io.eventsourcing.postgres;

import io.eventsourcing.core.event.EventStoreException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The surrounding transaction cannot append: it is read-only, or its isolation is REPEATABLE READ or SERIALIZABLE. Nothing was
 * written.
 *
 * <p>Under those isolations a transaction goes on seeing the streams as they were when it began, however long it waited for
 * their locks; a plain version conflict would become an SQL error that aborts the caller.
 */
public final class UnsupportedTransactionException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    private UnsupportedTransactionException(String problem, String isolation) {
        super(
                problem.equals("read-only")
                        ? "The transaction is read-only, so nothing can be written in it. Call the event store in a"
                                + " read-write transaction, or outside of a transaction."
                        : "The transaction has the isolation '" + isolation
                                + "', but the event store needs READ COMMITTED."
                                + " Nothing was written. Set the isolation of the surrounding transaction, or the default"
                                + " isolation of the connections, to READ COMMITTED.");
    }

    /** For an outcome 'isolation' or 'read-only' of one of the store's functions: says which transaction it was. */
    static UnsupportedTransactionException found(String outcome, Statement statement) throws SQLException {
        try (Statement ask = statement.getConnection().createStatement();
                ResultSet row = ask.executeQuery("select current_setting('transaction_isolation')")) {
            row.next();
            return new UnsupportedTransactionException(outcome, row.getString(1));
        }
    }
}
