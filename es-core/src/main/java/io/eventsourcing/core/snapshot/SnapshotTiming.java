package io.eventsourcing.core.snapshot;

/** When a snapshot is written that a {@link SnapshotPolicy} asks for. */
public enum SnapshotTiming {
    /** In the transaction of the append: it is there as soon as the events are, and the append takes longer. */
    WITH_APPEND,
    /** After the append, by the thread that appended: an error is logged, and the next occasion comes. */
    AFTER_APPEND
}
