package io.eventsourcing.projection;

/** When the rows of a projection are written. */
public enum ProjectionMode {
    /**
     * In the transaction of the append: whoever has appended reads his own writes. Each append of its events waits for its handlers, fails if
     * one does, and does not share its commit with others. Rows take from one stream each. While the projection catches up, is paused or is
     * about to be replaced, it follows the log as {@link #ASYNC} does.
     */
    INLINE,
    /** After the append, usually within milliseconds, in a transaction with the checkpoint. */
    ASYNC,
    /** Never: for each query the events are handled anew, and the rows are the answer. */
    LIVE
}
