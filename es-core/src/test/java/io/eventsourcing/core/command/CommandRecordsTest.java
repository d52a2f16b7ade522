package io.eventsourcing.core.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.command.CommandResult.Failure;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What records of commands refuse, before any store sees them. */
class CommandRecordsTest {

    private static final StreamId STREAM = StreamId.of("order", "o-1");

    private static NewCommand command() {
        SerializedPayload payload = new SerializedPayload(new VersionedType("place", 1), "{}", null);
        return new NewCommand(CommandId.next(), STREAM, payload, EventMetadata.NONE, Due.NOW);
    }

    @Test
    void eventsOfAnotherTenantOrOfARejectionAreRefused() {
        AppendRequest own = AppendRequest.of(STREAM, ExpectedVersion.any(), "payload");
        AppendRequest foreign =
                AppendRequest.of(STREAM.inTenant(TenantId.of("another")), ExpectedVersion.any(), "payload");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CommandCompletion(command(), null, Success.NOTHING, foreign));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CommandCompletion(command(), null, Rejection.of("no", "no"), own));
    }

    @Test
    void queriesThatMakeNoSenseAreRefused() {
        CommandQuery all = CommandQuery.all();

        assertThatIllegalArgumentException().isThrownBy(() -> all.limit(0));
        assertThatIllegalArgumentException().isThrownBy(() -> all.limit(1_001));
        assertThatIllegalArgumentException().isThrownBy(() -> all.forStream(STREAM.inTenant(TenantId.of("another"))));
    }

    @Test
    void resultsThatMeanNothingAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Rejection.of(" ", "no code"));
        assertThatIllegalArgumentException().isThrownBy(() -> Rejection.of("c".repeat(101), "too long"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Failure(FailureKind.REJECTED, "no failure"));
        assertThat(new Failure(FailureKind.EXHAUSTED, "a\u0000b").message()).isEqualTo("a b");
    }

    @Test
    void aDelayIsNeitherNegativeNorEndless() {
        assertThatIllegalArgumentException().isThrownBy(() -> Due.in(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Due.in(Duration.ofDays(40_000)));
    }

    @Test
    void anIdThatIsNamedIsAlwaysTheSameAndDependsOnEachPart() {
        assertThat(CommandId.named("key", "a")).isEqualTo(CommandId.named("key", "a"));
        assertThat(CommandId.named("key", "a").value().version()).isEqualTo(8);
        assertThat(CommandId.named("key", "a").value().variant()).isEqualTo(2);
        assertThat(CommandId.named("keya")).isNotEqualTo(CommandId.named("key", "a"));
        assertThat(CommandId.named("key", "a")).isNotEqualTo(CommandId.named("a", "key"));
    }
}
