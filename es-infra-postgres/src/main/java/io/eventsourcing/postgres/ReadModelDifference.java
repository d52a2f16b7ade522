package io.eventsourcing.postgres;

/**
 * Something in which a table is not as the record of its read model says.
 *
 * @param table the table, with its schema
 * @param column the column; empty if it is about the table as a whole
 * @param problem what is wrong, in words
 * @param ddl the statement that mends it
 */
public record ReadModelDifference(String table, String column, String problem, String ddl) {

    /** The difference in one line, without the statement. */
    @Override
    public String toString() {
        return table + (column.isEmpty() ? "" : ", column '" + column + "'") + ": " + problem;
    }
}
