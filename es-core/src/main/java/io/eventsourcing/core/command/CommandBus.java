package io.eventsourcing.core.command;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Sends commands to the one who handles them: a {@link io.eventsourcing.core.aggregate.Decider} or a method with {@link CommandHandler}.
 *
 * <p>A command acts once, whoever sends it again under its id, at the same time, after a crash, or after an error that left its outcome
 * open: its events and its result are committed together, and the first result is the answer. That holds for as long as it is not
 * {@link CommandStorePort#purge purged}. Thread-safe.
 */
public interface CommandBus {

    /**
     * Handles a command now, on this thread.
     *
     * @param request the command
     * @return what became of it; a rejection is a result
     * @throws UnroutableCommandException if nothing handles it
     * @throws CommandIdReusedException if its id is known for another command
     * @throws io.eventsourcing.core.event.VersionConflictException if others were faster again and again; nothing was written
     * @throws io.eventsourcing.core.event.EventStoreException if the store failed; send it again under its id
     * @throws RuntimeException what its handler threw; nothing was written
     */
    CommandResult execute(CommandRequest request);

    /**
     * Handles a command now, under a new id, for the current tenant.
     *
     * @param command the command
     * @return see {@link #execute(CommandRequest)}
     */
    default CommandResult execute(Object command) {
        return execute(CommandRequest.of(command));
    }

    /**
     * Stores commands of one tenant, all or none, to be handled when they are due. They are stored when this returns, or when the
     * surrounding transaction commits.
     *
     * @param requests the commands; one whose id is known already is left as it is
     * @param due when
     * @throws UnroutableCommandException if nothing handles one of them
     * @throws CommandRejectedException if one of them is not valid, or its actor may not send it
     * @throws CommandIdReusedException if an id is known for another command
     */
    void schedule(List<CommandRequest> requests, Due due);

    /**
     * Has a command of the current tenant handled after a delay.
     *
     * @param command the command
     * @param delay from now on
     * @return its id
     */
    default CommandId schedule(Object command, Duration delay) {
        CommandRequest request = CommandRequest.of(command);
        schedule(List.of(request), Due.in(delay));
        return request.id();
    }

    /**
     * Has a command of the current tenant handled at a time.
     *
     * @param command the command
     * @param at when; at once if that is over
     * @return its id
     */
    default CommandId schedule(Object command, Instant at) {
        CommandRequest request = CommandRequest.of(command);
        schedule(List.of(request), Due.at(at));
        return request.id();
    }
}
