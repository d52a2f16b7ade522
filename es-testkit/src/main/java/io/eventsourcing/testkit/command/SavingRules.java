package io.eventsourcing.testkit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandProgress;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Commands that are to be handled later. */
abstract class SavingRules extends CommandRules {

    SavingRules(Supplier<CommandsUnderTest> opener) {
        super(opener);
    }

    @Test
    void whatIsSavedIsFoundAsItWasAndWaits() {
        EventMetadata metadata =
                EventMetadata.builder().correlationId("c-1").actor("ann").build();
        NewCommand plain = add("a", 1);
        NewCommand command =
                new NewCommand(plain.id(), plain.stream(), plain.payload(), metadata, Due.in(Duration.ofHours(1)));

        assertThat(commands.store().save(List.of(command))).containsExactly(command.id());

        StoredCommand found = found(command);
        assertThat(found.stream()).isEqualTo(command.stream());
        assertThat(serialization.read(found)).isEqualTo(new Counters.Add("a", 1));
        assertThat(found.metadata()).isEqualTo(metadata);
        CommandProgress progress = found.progress();
        assertThat(progress)
                .isEqualTo(new CommandProgress(CommandStatus.PENDING, 0, progress.storedAt(), null, null, null));
        assertThat(Duration.between(progress.storedAt(), found.dueAt())).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aTimeIsTakenAsItIs() {
        Instant time = Instant.now().plusSeconds(3_600).truncatedTo(ChronoUnit.MILLIS);
        NewCommand command = saved(add(CommandId.next(), "a", 1, Due.at(time)));

        assertThat(found(command).dueAt()).isCloseTo(time, within(1, ChronoUnit.MILLIS));
    }

    @Test
    void theSameCommandIsSavedOnce() {
        NewCommand first = saved(add("a", 1));
        NewCommand second = add("a", 2);
        StoredCommand before = found(first);

        assertThat(commands.store().save(List.of(first, second))).containsExactly(second.id());
        assertThat(found(first)).isEqualTo(before);
        assertThat(commands.store().save(List.of())).isEmpty();
    }

    @Test
    void anIdOfAnotherCommandIsRefusedAndNothingIsSaved() {
        NewCommand known = saved(add("a", 1));
        NewCommand innocent = add("b", 1);
        NewCommand otherPayload = add(known.id(), "a", 2, Due.NOW);
        NewCommand otherStream = add(known.id(), "b", 1, Due.NOW);
        NewCommand otherType = new NewCommand(
                known.id(),
                known.stream(),
                serialization.write(known.stream(), new Counters.Close("a")),
                EventMetadata.NONE,
                Due.NOW);

        assertRefused(innocent, otherPayload, "payload");
        assertRefused(innocent, otherStream, "stream");
        assertRefused(innocent, otherType, "type");
        assertThat(commands.store().find(tenant, innocent.id())).isEmpty();
    }

    private void assertRefused(NewCommand innocent, NewCommand reusing, String difference) {
        assertThatExceptionOfType(CommandIdReusedException.class)
                .isThrownBy(() -> commands.store().save(List.of(innocent, reusing)))
                .withMessageContainingAll(reusing.id().toString(), difference, "Nothing was written");
    }

    @Test
    void theIdOfAnotherTenantIsAnotherOne() {
        NewCommand mine = saved(add("a", 1));
        TenantId other = TenantId.of("t-" + UUID.randomUUID());
        NewCommand theirs =
                new NewCommand(mine.id(), mine.stream().inTenant(other), mine.payload(), EventMetadata.NONE, Due.NOW);

        assertThat(commands.store().find(other, mine.id())).isEmpty();
        assertThat(commands.store().save(List.of(theirs))).containsExactly(mine.id());
        assertThat(commands.store().cancel(other, mine.id(), "theirs")).isTrue();
        assertThat(status(mine)).isEqualTo(CommandStatus.PENDING);
        assertThatIllegalArgumentException().isThrownBy(() -> commands.store().save(List.of(add("a", 1), theirs)));
    }

    @Test
    void twoCommandsOfOneIdAreRefused() {
        NewCommand command = add("a", 1);

        assertThatIllegalArgumentException().isThrownBy(() -> commands.store().save(List.of(command, command)));
        assertThat(commands.store().find(tenant, command.id())).isEmpty();
    }
}
