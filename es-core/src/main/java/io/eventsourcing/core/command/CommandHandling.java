package io.eventsourcing.core.command;

import io.eventsourcing.core.serialization.EventSerialization;
import java.util.Set;

/** Handles commands of some classes. Thread-safe. */
interface CommandHandling {

    /** The classes, and sealed types of them. */
    Set<Class<?>> commands();

    /** The type of the streams that they are meant for; empty if each is alone. */
    String streamType();

    /**
     * Checks what depends on how payloads are written.
     *
     * @throws CommandHandlerConfigurationException if it cannot be used
     */
    default void check(EventSerialization events) {}

    /**
     * Handles a command and ends it.
     *
     * @return the result that counts
     * @throws CommandRejectedException if the domain says no; the command has not ended
     * @throws io.eventsourcing.core.event.VersionConflictException if somebody else was faster
     */
    CommandResult handle(SentCommand sent);
}
