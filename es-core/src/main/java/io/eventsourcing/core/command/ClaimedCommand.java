package io.eventsourcing.core.command;

/**
 * A command that a worker has taken.
 *
 * @param command the command
 * @param claim by what the worker holds it
 * @param hasNext whether another command of its stream was stored behind it at that time, due or not
 */
public record ClaimedCommand(StoredCommand command, Claim claim, boolean hasNext) {}
