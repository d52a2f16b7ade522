package io.eventsourcing.core.command;

import io.eventsourcing.core.command.CommandResult.Rejection;
import java.util.Optional;

/**
 * Looks at a command before it is handled or stored, and may reject it: who may send what, what is valid. Also called for a stored
 * command when it is handled. Thread-safe.
 */
@FunctionalInterface
public interface CommandCheck {

    /**
     * Checks a command.
     *
     * @param request the command, its tenant, and in its metadata the actor and the role
     * @return the rejection; empty if the command may pass
     */
    Optional<Rejection> check(CommandRequest request);
}
