package io.eventsourcing.testkit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandLostException;
import io.eventsourcing.core.command.CommandResult.Failure;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.FailureKind;
import io.eventsourcing.core.command.IllegalCommandStepException;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The steps that a command may take, and those that it may not, from each status. */
abstract class StepRules extends CommandRules {

    StepRules(Supplier<CommandsUnderTest> opener) {
        super(opener);
    }

    /** A command, and by what a worker holds it, or last held it. */
    private record Standing(NewCommand command, Claim claim) {}

    private Standing standing(CommandStatus status) {
        NewCommand command = saved(add("a-" + status, 1));
        Claim claim = claimed(command).claim();
        switch (status) {
            case PENDING -> commands.queue().retry(claim, Duration.ZERO, "again", true);
            case CONSUMED -> {}
            case PROCESSED -> complete(command, claim, 0);
            case FAILED ->
                commands.store().complete(new CommandCompletion(command, claim, Rejection.of("no", "no"), null));
        }
        assertThat(status(command)).isEqualTo(status);
        return new Standing(command, claim);
    }

    @ParameterizedTest
    @EnumSource(CommandStatus.class)
    void onlyOneThatWaitsIsCancelled(CommandStatus status) {
        NewCommand command = standing(status).command();
        StoredCommand before = found(command);

        if (status == CommandStatus.PENDING) {
            assertThat(commands.store().cancel(tenant, command.id(), "nobody wants it"))
                    .isTrue();
            assertThat(found(command).progress().result())
                    .isEqualTo(new Failure(FailureKind.CANCELLED, "nobody wants it"));
            assertThat(commands.store().cancel(tenant, command.id(), "again")).isTrue();
            assertThat(claim(10)).isEmpty();
        } else {
            assertThatExceptionOfType(IllegalCommandStepException.class)
                    .isThrownBy(() -> commands.store().cancel(tenant, command.id(), "no"))
                    .withMessageContainingAll(command.id().toString(), "cannot be cancelled", "Nothing was changed");
            assertThat(found(command)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(CommandStatus.class)
    void onlyOneThatIsHeldIsGivenBack(CommandStatus status) {
        Standing standing = standing(status);
        StoredCommand before = found(standing.command());

        if (status == CommandStatus.CONSUMED) {
            commands.queue().retry(standing.claim(), Duration.ZERO, "an error", true);
            assertThat(status(standing.command())).isEqualTo(CommandStatus.PENDING);
            assertThat(found(standing.command()).progress().lastError()).isEqualTo("an error");
        } else {
            assertThatThrownBy(() -> commands.queue().retry(standing.claim(), Duration.ZERO, "an error", true))
                    .isInstanceOf(CommandLostException.class);
            assertThat(found(standing.command())).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(CommandStatus.class)
    void onlyOneThatIsHeldIsReleasedOrExtended(CommandStatus status) {
        Standing standing = standing(status);
        StoredCommand before = found(standing.command());
        boolean isHeld = status == CommandStatus.CONSUMED;

        assertThat(commands.queue().extend(List.of(standing.claim()), LEASE))
                .isEqualTo(isHeld ? Set.of(standing.claim()) : Set.of());
        commands.queue().release(List.of(standing.claim()));
        if (isHeld) {
            assertThat(status(standing.command())).isEqualTo(CommandStatus.PENDING);
            assertThat(found(standing.command()).progress().attempts())
                    .as("not tried")
                    .isZero();
        } else {
            assertThat(found(standing.command())).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(CommandStatus.class)
    void onlyOneThatIsHeldIsEndedByItsWorker(CommandStatus status) {
        Standing standing = standing(status);
        StoredCommand before = found(standing.command());
        CommandCompletion rejected = new CommandCompletion(
                standing.command(), standing.claim(), new Rejection("late", "late", Map.of(), false), null);

        switch (status) {
            case CONSUMED -> {
                commands.store().complete(rejected);
                assertThat(status(standing.command())).isEqualTo(CommandStatus.FAILED);
            }
            case PENDING -> {
                assertThatExceptionOfType(CommandLostException.class)
                        .isThrownBy(() -> commands.store().complete(rejected));
                assertThat(found(standing.command())).isEqualTo(before);
            }
            case PROCESSED, FAILED -> {
                assertThat(commands.store().complete(rejected).result())
                        .isEqualTo(before.progress().result());
                assertThat(found(standing.command())).isEqualTo(before);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CommandStatus.class)
    void onlyOneThatWaitsIsTaken(CommandStatus status) {
        NewCommand command = standing(status).command();

        assertThat(commands.queue().claim(request(1, command.stream())))
                .hasSize(status == CommandStatus.PENDING ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(CommandStatus.class)
    void oneThatIsHeldIsNotDeleted(CommandStatus status) {
        NewCommand command = standing(status).command();

        if (status == CommandStatus.CONSUMED) {
            assertThatExceptionOfType(IllegalCommandStepException.class)
                    .isThrownBy(() -> commands.store().delete(tenant, command.id()))
                    .withMessageContaining("cannot be deleted");
            assertThat(status(command)).isEqualTo(CommandStatus.CONSUMED);
        } else {
            assertThat(commands.store().delete(tenant, command.id())).isTrue();
            assertThat(commands.store().find(tenant, command.id())).isEmpty();
            assertThat(commands.store().delete(tenant, command.id())).isFalse();
        }
    }

    @Test
    void whatIsNotThereIsNeitherCancelledNorDeleted() {
        NewCommand unknown = add("a", 1);

        assertThat(commands.store().cancel(tenant, unknown.id(), "no")).isFalse();
        assertThat(commands.store().delete(tenant, unknown.id())).isFalse();
        assertThatExceptionOfType(CommandLostException.class)
                .isThrownBy(() -> complete(unknown, new Claim(tenant, unknown.id(), 1), 0));
        assertThat(saved(unknown)).isNotNull();
    }
}
