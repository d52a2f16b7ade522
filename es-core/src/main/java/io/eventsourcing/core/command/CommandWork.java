package io.eventsourcing.core.command;

import io.eventsourcing.core.ErrorText;
import io.eventsourcing.core.command.CommandResult.Failure;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.serialization.PayloadNotReadableException;
import io.eventsourcing.core.subscription.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a command handled that a worker has taken: ends it, or gives it back to be tried again. */
final class CommandWork {

    private static final Logger LOGGER = LoggerFactory.getLogger(CommandWork.class);

    private final CommandExecutor executor;
    private final CommandQueuePort queue;
    private final RetryPolicy retry;

    CommandWork(CommandExecutor executor, CommandQueuePort queue, RetryPolicy retry) {
        this.executor = executor;
        this.queue = queue;
        this.retry = retry;
    }

    /**
     * Handles a command.
     *
     * @return whether it is over
     * @throws RuntimeException if it could neither be ended nor given back; so are errors that are not exceptions
     */
    boolean handle(ClaimedCommand claimed) {
        StoredCommand command = claimed.command();
        NewCommand stored = new NewCommand(
                command.id(), command.stream(), command.payload(), command.metadata(), Due.at(command.dueAt()));
        Object payload;
        try {
            payload = executor.handlers().serialization().read(command);
        } catch (PayloadNotReadableException e) {
            LOGGER.error("The {} cannot be read, and has failed for good.", command, e);
            return end(claimed, stored, new Failure(FailureKind.UNROUTABLE, ErrorText.of(e)));
        }
        try {
            CommandResult result = execute(claimed, stored, payload);
            if (result instanceof Rejection rejection && rejection.isRetryable()) {
                return again(claimed, stored, rejection, rejection.code() + ": " + rejection.message());
            }
            return true;
        } catch (CommandLostException e) {
            LOGGER.info("The {} was not ended here. {}", command, e.getMessage());
            return false;
        } catch (EventStoreUnavailableException e) {
            LOGGER.info("Something is away that the {} needs. It is tried again later. {}", command, ErrorText.of(e));
            return pause(claimed, ErrorText.of(e), false); // no fault of the command
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOGGER.warn(
                    "The {} failed in attempt {}.", command, command.progress().attempts(), e);
            return again(claimed, stored, new Failure(FailureKind.EXHAUSTED, ErrorText.of(e)), ErrorText.of(e));
        }
    }

    private CommandResult execute(ClaimedCommand claimed, NewCommand stored, Object payload) {
        CommandRequest request =
                new CommandRequest(payload, stored.id(), stored.stream().tenant(), stored.metadata());
        return executor.execute(request, new SentCommand(payload, stored, claimed.claim()));
    }

    private boolean again(ClaimedCommand claimed, NewCommand stored, CommandResult inTheEnd, String error) {
        int attempts = claimed.command().progress().attempts();
        if (attempts < retry.attempts()) {
            executor.observer().retried(stored.payload().type().name(), attempts);
            return pause(claimed, error, true);
        }
        LOGGER.error("The {} has failed for good, after {} attempts: {}", stored, attempts, error);
        return end(claimed, stored, inTheEnd);
    }

    private boolean end(ClaimedCommand claimed, NewCommand stored, CommandResult result) {
        try {
            executor.handlers().store().complete(new CommandCompletion(stored, claimed.claim(), result, null));
            return true;
        } catch (CommandLostException e) {
            return false;
        }
    }

    private boolean pause(ClaimedCommand claimed, String error, boolean counts) {
        Duration longest = retry.pauseAfter(claimed.command().progress().attempts());
        long half = longest.toMillis() / 2;
        try {
            queue.retry(
                    claimed.claim(),
                    Duration.ofMillis(
                            half + (half == 0 ? 0 : ThreadLocalRandom.current().nextLong(half + 1))),
                    error,
                    counts);
        } catch (CommandLostException e) {
            LOGGER.info("The {} was not given back. {}", claimed.command(), e.getMessage());
        }
        return false;
    }
}
