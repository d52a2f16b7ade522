package io.eventsourcing.memory;

import io.eventsourcing.core.command.CommandProgress;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A command and where it stands. Not thread-safe. */
final class CommandRow {

    final NewCommand command;
    final long number;
    final Instant storedAt;
    final Instant dueAt;
    CommandStatus status = CommandStatus.PENDING;
    Instant readyAt;
    int attempts;
    long token;
    Instant leaseUntil = Instant.MIN;

    @Nullable
    Instant finishedAt;

    @Nullable
    CommandResult result;

    @Nullable
    String lastError;

    CommandRow(NewCommand command, long number, Instant now) {
        this.command = command;
        this.number = number;
        this.storedAt = now;
        Instant time = command.due().time();
        this.dueAt = time == null ? now.plus(command.due().delay()) : time;
        this.readyAt = dueAt;
    }

    StoredCommand stored() {
        return new StoredCommand(
                command.id(),
                command.stream(),
                command.payload(),
                command.metadata(),
                dueAt,
                new CommandProgress(status, attempts, storedAt, finishedAt, result, lastError));
    }

    /** Whether a worker may take it, if it is the first of its stream. */
    boolean isFree(Instant now) {
        return status == CommandStatus.PENDING
                ? !readyAt.isAfter(now)
                : status == CommandStatus.CONSUMED && !leaseUntil.isAfter(now);
    }

    void end(CommandResult how, Instant now) {
        status = how.isSuccess() ? CommandStatus.PROCESSED : CommandStatus.FAILED;
        result = how;
        finishedAt = now;
        lastError = null;
    }

    void giveBack(Instant when, @Nullable String error) {
        status = CommandStatus.PENDING;
        readyAt = when;
        lastError = error;
    }
}
