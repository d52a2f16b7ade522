package io.eventsourcing.projection;

import java.time.Duration;

/**
 * How a node runs projections.
 *
 * @param lookEvery how often it looks whether a projection was paused, rebuilt or replaced, by itself or by another node
 * @param dropAfter for how long tables that a rebuild has replaced are kept, for readers that still know them
 * @param closeLag how many positions a rebuild may be behind the end of the log when the live tables stop to change, until it has caught
 *     up with them and takes their place
 */
public record ProjectionSettings(Duration lookEvery, Duration dropAfter, long closeLag) {

    /** A look each second, tables kept for ten minutes, 1,000 positions. */
    public static final ProjectionSettings DEFAULT =
            new ProjectionSettings(Duration.ofSeconds(1), Duration.ofMinutes(10), 1_000);

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    public ProjectionSettings {
        if (lookEvery.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "lookEvery of projections cannot be less than 1 ms, but is " + lookEvery.toMillis() + " ms.");
        }
        if (dropAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "dropAfter of projections cannot be negative, but is " + dropAfter.toMillis() + " ms.");
        }
        if (closeLag < 0) {
            throw new IllegalArgumentException("closeLag of projections cannot be negative, but is " + closeLag + ".");
        }
    }
}
