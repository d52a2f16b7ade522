package io.eventsourcing.core.command;

import io.eventsourcing.core.event.AppendRequest;
import org.jspecify.annotations.Nullable;

/**
 * The end of a command: its result and its events, which are committed together.
 *
 * @param command the command; stored with its end if it is not stored yet
 * @param claim by which a worker holds it; null if it is executed at once
 * @param result what became of it; a success gets the version and the positions of its events from the store
 * @param append its events; null if there are none
 */
public record CommandCompletion(
        NewCommand command,
        @Nullable Claim claim,
        CommandResult result,
        @Nullable AppendRequest append) {

    /**
     * Checks that events belong to a success of the same tenant.
     *
     * @throws IllegalArgumentException if there are events of another tenant, or without success
     */
    public CommandCompletion {
        if (append != null && !result.isSuccess()) {
            throw new IllegalArgumentException(
                    "The " + command + " has events although it did not succeed. Nothing was written.");
        }
        if (append != null && !append.stream().tenant().equals(command.stream().tenant())) {
            throw new IllegalArgumentException("The " + command + " has events for the stream " + append.stream()
                    + " of another tenant. Nothing was written. Send a command to that tenant.");
        }
    }
}
