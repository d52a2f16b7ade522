package io.eventsourcing.testkit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.command.ClaimedCommand;
import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandLostException;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Failure;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.Completed;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.FailureKind;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The end of commands, together with their events. */
abstract class CompletionRules extends CommandRules {

    CompletionRules(Supplier<CommandsUnderTest> opener) {
        super(opener);
    }

    @Test
    void aCommandEndsTogetherWithItsEvents() {
        NewCommand command = add("a", 1);

        CommandResult result = complete(command, null, 0);

        Success success = (Success) result;
        assertThat(success.version()).isEqualTo(StreamVersion.of(1));
        assertThat(success.positions())
                .containsExactly(
                        commands.events().load(stream("a")).toList().get(0).position());
        assertThat(found(command).progress().result()).isEqualTo(result);
        assertThat(found(command).progress().attempts()).isEqualTo(1);
        assertThat(found(command).progress().finishedAt()).isNotNull();
        assertThat(status(command)).isEqualTo(CommandStatus.PROCESSED);
    }

    @Test
    void aCommandThatHasEndedEndsNoMore() {
        NewCommand command = add("a", 1);
        CommandResult first = complete(command, null, 0);

        assertThat(complete(command, null, 1)).isEqualTo(first);
        assertThat(commands.store().complete(new CommandCompletion(command, null, Rejection.of("no", "no"), null)))
                .isEqualTo(new Completed(first, true));
        assertThat(events("a")).isEqualTo(1);
    }

    @Test
    void everyResultIsKeptAsItWas() {
        for (CommandResult result : List.of(
                Success.NOTHING,
                Success.of(serialization.value(stream("a"), Map.of("number", 7))),
                new Rejection("no", "No, \u00e9 \ud83d\ude00.", Map.of("a", "b"), true),
                new Failure(FailureKind.EXHAUSTED, "an error"))) {
            NewCommand command = add("a", 1);

            assertThat(commands.store().complete(new CommandCompletion(command, null, result, null)))
                    .isEqualTo(new Completed(result, false));
            assertThat(found(command).progress().result()).isEqualTo(result);
            assertThat(status(command)).isEqualTo(result.isSuccess() ? CommandStatus.PROCESSED : CommandStatus.FAILED);
        }
    }

    @Test
    void aValueIsReadAsItsClass() {
        Success result = Success.of(serialization.value(stream("a"), new Counters.Add("x", 3)));
        NewCommand command = add("a", 1);
        commands.store().complete(new CommandCompletion(command, null, result, null));

        assertThat(found(command).progress().result())
                .isInstanceOfSatisfying(
                        Success.class,
                        success -> assertThat(success.value())
                                .isNotNull()
                                .extracting(value -> value.as(Counters.Add.class))
                                .isEqualTo(new Counters.Add("x", 3)));
    }

    @Test
    void aConflictLeavesTheCommandWhereItWas() {
        complete(add("a", 1), null, 0);
        NewCommand unknown = add("a", 2);
        NewCommand waiting = saved(add("a", 3));

        for (NewCommand command : List.of(unknown, waiting)) {
            assertThatExceptionOfType(VersionConflictException.class).isThrownBy(() -> complete(command, null, 0));
        }
        assertThat(commands.store().find(tenant, unknown.id())).isEmpty();
        assertThat(status(waiting)).isEqualTo(CommandStatus.PENDING);
        assertThat(events("a")).isEqualTo(1);
    }

    @Test
    void aCommandThatWaitsIsTakenAndEndedAtOnce() {
        NewCommand waiting = saved(add("a", 1));
        complete(waiting, null, 0);

        assertThat(status(waiting)).isEqualTo(CommandStatus.PROCESSED);
        assertThat(found(waiting).progress().attempts()).isEqualTo(1);
        assertThat(claim(10)).isEmpty();
    }

    /** Whoever executes it does not wait for the worker; the worker finds the result. */
    @Test
    void aCommandThatAWorkerHasIsTakenFromIt() {
        NewCommand command = saved(add("a", 1));
        ClaimedCommand claimed = claimed(command);
        CommandResult first = complete(command, null, 0);

        assertThat(complete(command, claimed.claim(), 1)).isEqualTo(first);
        assertThat(events("a")).isEqualTo(1);
    }

    @Test
    void aSuspendedOwnerThatWakesAfterItsLeaseCannotCommit() {
        NewCommand command = saved(add("a", 1));
        ClaimedCommand suspended = claimed(command);
        commands.expireLease().accept(suspended.claim());
        assertThatExceptionOfType(CommandLostException.class)
                .as("nobody has taken it yet")
                .isThrownBy(() -> complete(command, suspended.claim(), 0));
        ClaimedCommand next = claimed(command);

        assertThatExceptionOfType(CommandLostException.class).isThrownBy(() -> complete(command, suspended.claim(), 0));
        assertThat(events("a")).isZero();
        complete(command, next.claim(), 0);
        assertThat(events("a")).isEqualTo(1);
        assertThat(found(command).progress().attempts()).isEqualTo(2);
    }

    @Test
    void anIdOfAnotherCommandIsRefused() {
        NewCommand known = add("a", 1);
        complete(known, null, 0);

        assertThatExceptionOfType(CommandIdReusedException.class)
                .isThrownBy(() -> complete(add(known.id(), "a", 2, Due.NOW), null, 1));
        assertThat(events("a")).isEqualTo(1);
    }

    @Test
    void ofManyThatEndOneCommandAtTheSameTimeOneCounts() {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int i = 0; i < 20; i++) {
                NewCommand command = add("a-" + i, 1);
                CyclicBarrier together = new CyclicBarrier(threads);
                List<CompletableFuture<CommandResult>> results = Stream.generate(
                                () -> CompletableFuture.supplyAsync(() -> endOnce(command, together), pool))
                        .limit(threads)
                        .toList();

                assertThat(results)
                        .extracting(CompletableFuture::join)
                        .containsOnly(found(command).progress().result());
                assertThat(events("a-" + i)).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** As whoever executes a command: decides again when somebody else was faster. */
    private CommandResult endOnce(NewCommand command, CyclicBarrier together) {
        try {
            together.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        try {
            return complete(command, null, 0);
        } catch (VersionConflictException e) {
            return complete(command, null, 1);
        }
    }
}
