package io.eventsourcing.benchmarks;

/** One way of building the table of lines from a log. */
interface CatchUp {

    /** Empties the table and forgets the checkpoint. */
    void reset();

    /** Builds the table, and returns when all is committed. */
    void run() throws Exception;

    /** Where the rows are. */
    String table();
}
