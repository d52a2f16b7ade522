package io.eventsourcing.core.command;

/**
 * A command that a worker has taken.
 *
 * @param command the command
 * @param claim by what the worker holds it
 */
public record ClaimedCommand(StoredCommand command, Claim claim) {}
