package io.eventsourcing.postgres;

import java.util.concurrent.TimeUnit;

/** How long to pause between attempts that fail: longer each time, up to a limit. Belongs to one thread. */
final class Retry {

    static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private long pauseNanos = FIRST_PAUSE_NANOS;

    /** The next pause. */
    long failed() {
        long pause = pauseNanos;
        pauseNanos = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        return pause;
    }

    /** Whether nothing has failed since the last success. */
    boolean isFresh() {
        return pauseNanos == FIRST_PAUSE_NANOS;
    }

    void succeeded() {
        pauseNanos = FIRST_PAUSE_NANOS;
    }
}
