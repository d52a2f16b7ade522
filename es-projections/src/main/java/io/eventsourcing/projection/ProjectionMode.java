package io.eventsourcing.projection;

/** When the rows of a projection are written. */
public enum ProjectionMode {
    /** In the transaction of the append: whoever has appended reads his own writes, and each append waits for the handlers. */
    INLINE,
    /** After the append, usually within milliseconds, in a transaction with the checkpoint. */
    ASYNC,
    /** Never: for each query the events are handled anew, and the rows are the answer. */
    LIVE
}
