package io.eventsourcing.core.command;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a stored command has come.
 *
 * @param status where it stands
 * @param attempts how often a worker has taken it, or it was executed at once
 * @param storedAt when it was stored
 * @param finishedAt when it was over; null before
 * @param result what became of it; null before it is over
 * @param lastError what the last attempt failed with, while it waits for the next one; null if there was none
 */
public record CommandProgress(
        CommandStatus status,
        int attempts,
        Instant storedAt,
        @Nullable Instant finishedAt,
        @Nullable CommandResult result,
        @Nullable String lastError) {}
