package io.eventsourcing.core.command;

/**
 * What counts after a command was ended.
 *
 * @param result the result that counts
 * @param wasKnown whether the command had ended before: then nothing was written, and what else belongs to the same transaction is to be
 *     undone
 */
public record Completed(CommandResult result, boolean wasKnown) {}
