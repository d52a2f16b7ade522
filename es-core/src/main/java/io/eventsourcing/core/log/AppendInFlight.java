package io.eventsourcing.core.log;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that has appended and is not over yet: readers of the log wait for its end.
 *
 * @param backend the process id of the database's backend; null if it is a prepared transaction, or not known
 * @param preparedAs the name under which the transaction was prepared, which survives a restart; null if it was not
 * @param applicationName what the connection calls itself; null where this role may not see it
 * @param age for how long the transaction has lasted; null where this role may not see it
 */
public record AppendInFlight(
        @Nullable Integer backend,
        @Nullable String preparedAs,
        @Nullable String applicationName,
        @Nullable Duration age) {

    /** For logs and health: who it is, and for how long. */
    @Override
    public String toString() {
        String who = preparedAs != null ? "prepared transaction '" + preparedAs + "'" : "backend " + backend;
        return who
                + (applicationName == null ? "" : " of '" + applicationName + "'")
                + (age == null ? "" : ", for " + age.toMillis() + " ms");
    }
}
