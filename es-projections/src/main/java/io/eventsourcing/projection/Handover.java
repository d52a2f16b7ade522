package io.eventsourcing.projection;

import java.util.concurrent.TimeUnit;

/**
 * The time between the close of the live tables and their replacement, in which their readers see nothing new. Usually that is a look or two; if
 * what was built cannot catch up, the old tables go on, and it is tried again later. One thread at a time uses it.
 */
final class Handover {

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private long seenSince;
    private boolean isSeen;
    private long failedAt;
    private boolean hasFailed;

    /** Whether the live tables may be closed now. */
    boolean mayBegin() {
        isSeen = false;
        return !hasFailed || System.nanoTime() - failedAt > PAUSE_NANOS;
    }

    /** Whether it lasts too long, as far as this node has seen. */
    boolean isTooLong() {
        if (!isSeen) {
            isSeen = true;
            seenSince = System.nanoTime();
        }
        return System.nanoTime() - seenSince > LONGEST_NANOS;
    }

    void failed() {
        isSeen = false;
        hasFailed = true;
        failedAt = System.nanoTime();
    }

    void succeeded() {
        isSeen = false;
        hasFailed = false;
    }
}
