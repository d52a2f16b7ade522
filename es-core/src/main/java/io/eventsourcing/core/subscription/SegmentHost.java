package io.eventsourcing.core.subscription;

/** What a segment's runner needs of the subscription that it belongs to. Thread-safe. */
interface SegmentHost {

    /** Runs something on one of the subscription's threads. */
    void work(Runnable task);

    /** Runs something short after some time. */
    void later(Runnable task, long nanos);

    /** Whether this node may still own segments, by its own clock. */
    boolean isLeaseValid();

    /** A runner has room for more. */
    void readMore();

    /** A runner has ended, and another one may begin. */
    void ended(SegmentRunner runner);

    /** Something failed that is no event's fault. */
    void report(Throwable error);

    /** A checkpoint was moved. */
    void recovered();

    /** The subscription cannot go on. */
    void stop(Throwable error);
}
