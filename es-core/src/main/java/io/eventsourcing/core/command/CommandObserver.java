package io.eventsourcing.core.command;

import java.time.Duration;

/** Is told what becomes of commands on this node; for metrics. Must be short and must not throw. Thread-safe. */
public interface CommandObserver {

    /** Tells nobody. */
    CommandObserver NONE = new CommandObserver() {};

    /**
     * A command was handled, or sent again.
     *
     * @param type the name of its type
     * @param result what became of it
     * @param decided how often it was decided on; more than once where others were faster
     * @param took how long that took, with the wait in the queue of its stream
     */
    default void handled(String type, CommandResult result, int decided, Duration took) {}

    /**
     * A command that a worker had taken is tried again later.
     *
     * @param type the name of its type
     * @param attempts how often it was tried
     */
    default void retried(String type, int attempts) {}
}
