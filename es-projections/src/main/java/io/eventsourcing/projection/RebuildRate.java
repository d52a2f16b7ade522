package io.eventsourcing.projection;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast a rebuild is, since this node has seen it. Thread-safe. */
final class RebuildRate {

    private long firstDone = -1;
    private long firstNanos;
    private long lastDone;
    private long lastNanos;

    synchronized void note(long done) {
        long now = System.nanoTime();
        if (firstDone < 0 || done < lastDone) {
            firstDone = done;
            firstNanos = now;
        }
        lastDone = done;
        lastNanos = now;
    }

    synchronized RebuildProgress progress(long done, long total) {
        double seconds = (lastNanos - firstNanos) / 1e9;
        double perSecond = firstDone < 0 || seconds <= 0 ? 0 : (lastDone - firstDone) / seconds;
        return new RebuildProgress(done, total, perSecond, timeLeft(total - done, perSecond));
    }

    private static @Nullable Duration timeLeft(long positions, double perSecond) {
        return perSecond <= 0 ? null : Duration.ofMillis((long) (Math.max(0, positions) / perSecond * 1_000));
    }
}
