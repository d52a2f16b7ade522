package io.eventsourcing.core.command;

import io.eventsourcing.core.subscription.RetryPolicy;
import java.time.Duration;

/**
 * How a node handles commands that wait.
 *
 * @param name what people call the node; it need not be unique
 * @param threads how many commands at the same time; it takes no more than it can handle at once. 1 to 10,000
 * @param lease for how long it holds a command that it has taken; it asks for more time after a third of it. When it dies, others take
 *     its commands after that
 * @param idlePoll how often it looks for commands when nobody tells it that there are some
 * @param retry how often a command is tried that ends with an error or a rejection that is retryable, and the pauses between, of which the
 *     second half is random
 * @param closeWithin for how long a close waits for commands that are being handled
 */
public record WorkerSettings(
        String name, int threads, Duration lease, Duration idlePoll, RetryPolicy retry, Duration closeWithin) {

    /** Ten attempts within some ten minutes. */
    public static final RetryPolicy DEFAULT_RETRY = new RetryPolicy(10, Duration.ofSeconds(1), Duration.ofMinutes(5));

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    public WorkerSettings {
        if (threads < 1 || threads > 10_000) {
            throw new IllegalArgumentException(
                    "The number of threads of command workers is " + threads + ". Give 1 to 10000.");
        }
        if (lease.toMillis() < 100) {
            throw new IllegalArgumentException(
                    "The lease of command workers is " + lease.toMillis() + " ms. Give 100 ms or more.");
        }
        if (idlePoll.toMillis() < 10) {
            throw new IllegalArgumentException(
                    "The idle poll of command workers is " + idlePoll.toMillis() + " ms. Give 10 ms or more.");
        }
        if (closeWithin.isNegative()) {
            throw new IllegalArgumentException(
                    "closeWithin of command workers cannot be negative, but is " + closeWithin.toMillis() + " ms.");
        }
    }

    /**
     * Sixteen threads, a lease of ten seconds, and a look each half second.
     *
     * @param name what people call the node
     * @return the settings
     */
    public static WorkerSettings of(String name) {
        return new WorkerSettings(
                name, 16, Duration.ofSeconds(10), Duration.ofMillis(500), DEFAULT_RETRY, Duration.ofSeconds(10));
    }
}
