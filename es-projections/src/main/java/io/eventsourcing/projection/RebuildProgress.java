package io.eventsourcing.projection;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a rebuild has come.
 *
 * @param done positions of the log that it has passed, on the average of its segments
 * @param total positions that the log has
 * @param perSecond positions a second, since this node has seen it; 0 if it cannot tell yet
 * @param timeLeft how long it takes to the end of the log at this rate; null if it cannot tell
 */
public record RebuildProgress(
        long done, long total, double perSecond, @Nullable Duration timeLeft) {

    private static final int WIDTH = 30;

    /**
     * How much is done.
     *
     * @return from 0 to 1
     */
    public double share() {
        return total == 0 ? 1 : Math.min(1, (double) done / total);
    }

    /**
     * A line for a terminal: a bar, and the figures.
     *
     * @return such as {@code [#########.....................]  31 % 155,000 of 500,000, 61,200/s, 6 s left}
     */
    public String bar() {
        int full = (int) (share() * WIDTH);
        String left = timeLeft == null ? "" : ", %,d s left".formatted(timeLeft.toSeconds());
        return String.format(
                Locale.ROOT,
                "[%s%s] %3d %% %,d of %,d, %,.0f/s%s",
                "#".repeat(full),
                ".".repeat(WIDTH - full),
                (int) (share() * 100),
                done,
                total,
                perSecond,
                left);
    }
}
