package io.eventsourcing.core.command;

import org.jspecify.annotations.Nullable;

/**
 * Has stored commands handled when they are due, each by one worker of any node at a time. Storing them is all that it takes: whoever stores
 * commands also wakes it, so that it is soon. Thread-safe.
 */
public interface JobSchedulerPort {

    /** Looks for commands at once. Never blocks: many calls are one look. */
    void wake();

    /**
     * Why no commands can be taken at the moment.
     *
     * @return the class and message of the error; null if there is none
     */
    @Nullable
    String problem();
}
