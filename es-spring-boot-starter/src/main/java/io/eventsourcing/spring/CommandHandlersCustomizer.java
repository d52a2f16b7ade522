package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandHandlers;

/**
 * A bean of this type adds to the command handlers of the application what no annotation says, such as routing functions, upcasters of
 * commands, and handlers that are no beans.
 */
@FunctionalInterface
public interface CommandHandlersCustomizer {

    /**
     * Adds something, when all beans are there.
     *
     * @param handlers has the deciders and the methods of the application's beans already
     */
    void customize(CommandHandlers.Builder handlers);
}
