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

    /** A part of the subscription, such as a segment, cannot go on at the moment, which is no event's fault. */
    void report(String part, Throwable error);

    /** A part of the subscription goes on. */
    void recovered(String part);

    /** The subscription cannot go on. */
    void stop(Throwable error);
}
