package io.eventsourcing.core.command;

import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.event.AppendOutcomeUnknownException;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.tenant.TenantContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** Has a command handled and ended: checks it, queues it up behind others to its stream, and decides again when others were faster. */
final class CommandExecutor {

    /**
     * After so many conflicts a command holds its stream from the load on. Of nodes that fight, the one that was faster goes on with its
     * next command at once, and the others would be late again and again.
     */
    private static final int CONFLICTS_BEFORE_HOLDING = 3;

    private final CommandHandlers handlers;
    private final List<CommandCheck> checks;
    private final CommandSettings settings;
    private final CommandObserver observer;
    private final StreamQueues streamQueues = new StreamQueues();

    CommandExecutor(
            CommandHandlers handlers, List<CommandCheck> checks, CommandSettings settings, CommandObserver observer) {
        this.handlers = handlers;
        this.checks = List.copyOf(checks);
        this.settings = settings;
        this.observer = observer;
    }

    CommandObserver observer() {
        return observer;
    }

    CommandHandlers handlers() {
        return handlers;
    }

    /** Why a command may not pass; empty if it may. */
    Optional<Rejection> rejection(CommandRequest request) {
        return checks.stream()
                .map(check -> check.check(request))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * Handles a command and ends it, unless it is a rejection that is retryable.
     *
     * @return the result that counts, or that rejection
     */
    CommandResult execute(CommandRequest request, SentCommand sent) {
        long began = System.nanoTime();
        int[] decided = new int[1];
        // within a transaction it queues up behind nobody: those before it may wait for this very transaction
        boolean queuesUp = !handlers.store().isInTransaction();
        CommandResult result = TenantContext.call(
                request.tenant(),
                () -> queuesUp
                        ? streamQueues.run(
                                sent.stream(), settings.queueFor().toNanos(), () -> decide(request, sent, decided))
                        : decide(request, sent, decided));
        observer.handled(
                sent.command().payload().type().name(),
                result,
                decided[0],
                Duration.ofNanos(System.nanoTime() - began));
        return result;
    }

    private CommandResult decide(CommandRequest request, SentCommand sent, int[] decided) {
        while (true) {
            decided[0]++;
            try {
                Optional<Rejection> rejection = rejection(request);
                return rejection.isPresent() ? reject(sent, rejection.get()) : handle(sent, decided[0]);
            } catch (CommandRejectedException e) {
                return reject(sent, e.rejection());
            } catch (VersionConflictException | AppendOutcomeUnknownException e) {
                waitBeforeAnotherOne(decided[0], e);
            } catch (CommandLostException | CommandIdReusedException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                Optional<CommandResult> first = firstResult(sent);
                if (first.isPresent()) {
                    return first.get();
                }
                throw e;
            }
        }
    }

    /** A command that has ended before may find a state in which its handler knows no answer. */
    private Optional<CommandResult> firstResult(SentCommand sent) {
        try {
            return handlers.store().knownResult(sent.command());
        } catch (RuntimeException e) { // the error of the handler says more
            return Optional.empty();
        }
    }

    private CommandResult handle(SentCommand sent, int decided) {
        return decided <= CONFLICTS_BEFORE_HOLDING
                ? handlers.handle(sent)
                : handlers.store().holdingStream(sent.command(), () -> handlers.handle(sent));
    }

    /** One that may succeed later does not end a command; but the command may have ended before. */
    private CommandResult reject(SentCommand sent, Rejection rejection) {
        if (!rejection.isRetryable()) {
            return handlers.store().complete(sent.with(rejection)).result();
        }
        return handlers.store().knownResult(sent.command()).orElse(rejection);
    }

    /** A random part of the pause, so that those who met do not meet again. */
    private void waitBeforeAnotherOne(int decided, EventStoreException e) {
        if (decided >= settings.conflicts().attempts()) {
            throw e;
        }
        long pause = settings.conflicts().pauseAfter(decided).toNanos();
        LockSupport.parkNanos(pause == 0 ? 0 : ThreadLocalRandom.current().nextLong(pause));
    }
}
