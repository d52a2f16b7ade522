package io.eventsourcing.core.command;

import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Keeps commands: those that wait, and what became of those that are over, for as long as they are not {@link #purge purged}. Within
 * that time a command that is sent again under its id is not handled again.
 *
 * <p>A call sees and changes the commands of the tenant that it names, and of no other. Thread-safe. Adapters for transactional stores
 * take part in a transaction that surrounds the call, and otherwise run their own. Besides what is said for each, methods throw
 * {@link io.eventsourcing.core.event.TransientStoreException}, {@link io.eventsourcing.core.event.EventStoreUnavailableException} and
 * {@link io.eventsourcing.core.event.EventStoreRefusedException}.
 */
public interface CommandStorePort {

    /**
     * Stores commands of one tenant, all or none, to be handled when they are due. Those whose ids are stored already, whatever became
     * of them, are left as they are.
     *
     * @param commands the commands
     * @return the ids of those that are new
     * @throws CommandIdReusedException if an id is stored already, for a command of another type, stream or payload; nothing was
     *     stored
     * @throws IllegalArgumentException if they are of several tenants, or two have one id; nothing was stored
     */
    Set<CommandId> save(List<NewCommand> commands);

    /**
     * A command.
     *
     * @param tenant whose
     * @param id its identity
     * @return the command; empty if there is none, or not any more
     */
    Optional<StoredCommand> find(TenantId tenant, CommandId id);

    /**
     * What became of a command that is sent again.
     *
     * @param command the command
     * @return its result; empty if it has not ended, or is not known
     * @throws CommandIdReusedException if the one of its id is another command
     */
    Optional<CommandResult> knownResult(NewCommand command);

    /**
     * Lists commands, in the order in which they were stored.
     *
     * @param query which ones
     * @return the commands; ask for the next page with the last of them
     */
    List<StoredCommand> list(CommandQuery query);

    /**
     * Ends a command: commits its events, its snapshot and its result together, or nothing. If it has ended before, that counts, and
     * this writes nothing. A command that waits, or that is not stored yet, is taken and ended at once; one that a worker has taken is
     * taken from it, unless this comes from that worker.
     *
     * @param completion the command, its result and its events
     * @return the result that counts: this one, with the version and the positions of its events, or the first one
     * @throws CommandLostException if it comes from a worker that does not hold the command any more, and the command has not ended
     * @throws CommandIdReusedException see {@link #save}; nothing was written
     * @throws io.eventsourcing.core.event.EventStoreException as {@link io.eventsourcing.core.event.EventStorePort#append} does;
     *     nothing was written, and the command stands where it stood
     */
    Completed complete(CommandCompletion completion);

    /**
     * Runs work in a transaction: what the work writes to the same database, and calls of the methods here within it, are committed
     * together, or not at all if it throws. Within a transaction that surrounds the call, what the work did is undone if it throws, and the
     * transaction can go on, where its manager knows savepoints. Where the store knows no transactions, as in memory, the work simply
     * runs.
     *
     * @param work what to do
     * @param <T> what it answers
     * @return its answer
     */
    <T> T inTransaction(Supplier<T> work);

    /**
     * Whether this thread is in a transaction that the store's calls join.
     *
     * @return whether it is; not, where there are none
     */
    default boolean isInTransaction() {
        return false;
    }

    /**
     * Runs work while nobody else appends to the stream of a command: whoever would waits, and the work waits for those who came before. In a
     * transaction, as {@link #inTransaction} has it. Where the store cannot do that, as in memory, the work simply runs, and may meet others.
     *
     * @param command the command, which the work ends
     * @param work what to do
     * @param <T> what it answers
     * @return its answer
     */
    default <T> T holdingStream(NewCommand command, Supplier<T> work) {
        return work.get();
    }

    /**
     * Cancels a command that waits: it fails with {@link FailureKind#CANCELLED}, and is never handled. Cancelling a cancelled one
     * changes nothing.
     *
     * @param tenant whose
     * @param id the command
     * @param reason why, which is kept
     * @return true if it waited, or was cancelled before; false if there is none
     * @throws IllegalCommandStepException if it is being handled, or has ended otherwise
     */
    boolean cancel(TenantId tenant, CommandId id, String reason);

    /**
     * Removes a command with what became of it; a later one of its id is a new one.
     *
     * @param tenant whose
     * @param id the command
     * @return whether there was one
     * @throws IllegalCommandStepException if it is being handled
     */
    boolean delete(TenantId tenant, CommandId id);

    /**
     * Removes commands of all tenants that have ended long ago, in one transaction; call it again while it removes as many as it may.
     * The age is the time within which a command that is sent again is known.
     *
     * @param endedBefore how long ago at least, by the clock of the store
     * @param atMost how many; 1 or more
     * @return how many were removed
     */
    int purge(Duration endedBefore, int atMost);
}
