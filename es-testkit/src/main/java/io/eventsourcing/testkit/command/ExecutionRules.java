package io.eventsourcing.testkit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.eventsourcing.core.command.AggregateSettings;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.command.TargetId;
import io.eventsourcing.core.command.UnroutableCommandException;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotPolicy;
import io.eventsourcing.core.snapshot.SnapshotTiming;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that are handled at once. */
abstract class ExecutionRules extends BusRules {

    ExecutionRules(Supplier<CommandsUnderTest> opener) {
        super(opener);
    }

    private StoredCommand stored(CommandRequest request) {
        return commands.store().find(request.tenant(), request.id()).orElseThrow();
    }

    @Test
    void aDeciderDecidesOnTheStateAndItsEventsAreAppended() {
        DirectCommandBus bus = bus();
        bus.execute(request(new Counters.Add("a", 3)));
        CommandResult result = bus.execute(request(new Counters.Add("a", 4)));

        assertThat(((Success) result).version()).isEqualTo(StreamVersion.of(2));
        assertThat(((Success) result).positions()).hasSize(1);
        assertThat(total("a")).isEqualTo(7);
    }

    @Test
    void whatHasEndedIsAnsweredAlsoWhereItsHandlerWouldFailNow() {
        DirectCommandBus bus = bus();
        CommandRequest request = request(new Counters.Add("a", 3));
        CommandResult first = bus.execute(request);
        checks.add(any -> {
            throw new IllegalStateException("now it fails");
        });
        DirectCommandBus later = bus();

        assertThat(later.execute(request)).isEqualTo(first);
        assertThatIllegalStateException()
                .isThrownBy(() -> later.execute(request(new Counters.Add("a", 3))))
                .withMessage("now it fails");
    }

    @Test
    void anotherCommandUnderAKnownIdIsRefusedByMethodsToo() {
        DirectCommandBus bus = bus();
        bus.execute(request(new Counters.Add("a", 3)));
        CommandRequest copied = request(new Copy("x", "a", false));
        assertThat(bus.execute(copied).isSuccess()).isTrue();

        for (Copy other : List.of(new Copy("y", "a", false), new Copy("x", "b", false))) {
            assertThatExceptionOfType(CommandIdReusedException.class)
                    .isThrownBy(() -> bus.execute(copied.withCommand(other)));
        }
    }

    @Test
    void checksSeeTheTenantOfACommandThatIsStored() {
        List<TenantId> seen = new ArrayList<>();
        checks.add(any -> {
            seen.add(TenantContext.current());
            return Optional.empty();
        });
        bus().schedule(List.of(request(new Counters.Add("a", 3))), Due.in(Duration.ofHours(1)));

        assertThat(seen).containsExactly(tenant);
    }

    @Test
    void whoeverWantsASuccessIsToldOfAnythingElse() {
        DirectCommandBus bus = bus();
        CommandRequest cancelled = request(new Counters.Add("a", 3));
        bus.schedule(List.of(cancelled), Due.in(Duration.ofHours(1)));
        commands.store().cancel(tenant, cancelled.id(), "not wanted");

        assertThat(bus.execute(request(new Counters.Close("a"))).orThrow().version())
                .isEqualTo(StreamVersion.FIRST);
        assertThatExceptionOfType(CommandRejectedException.class)
                .isThrownBy(() -> bus.execute(request(new Counters.Add("a", 3))).orThrow())
                .satisfies(rejected -> assertThat(rejected.rejection().code()).isEqualTo("closed"));
        assertThatIllegalStateException()
                .isThrownBy(() -> bus.execute(cancelled).orThrow())
                .withMessageContaining("not wanted");
    }

    @Test
    void whatItSetsOffIsCausedByIt() {
        CommandRequest request = request(new Counters.Add("a", 3))
                .withMetadata(EventMetadata.builder()
                        .actor("ann")
                        .requestId("r")
                        .source("http")
                        .attributes(Map.of("campaign", "spring"))
                        .build());
        bus().execute(request);

        RecordedEvent event = commands.events().load(stream("a")).toList().get(0);
        assertThat(event.metadata().causationId()).isEqualTo(request.id().toString());
        assertThat(event.metadata().correlationId()).isEqualTo(request.id().toString());
        assertThat(event.metadata().actor()).isEqualTo("ann");
        assertThat(event.metadata().requestId()).isEqualTo("r");
        assertThat(event.metadata().source()).isEqualTo("http");
        assertThat(event.metadata().attributes()).containsEntry("campaign", "spring");
    }

    @Test
    void aRejectionIsAResultAndIsKept() {
        DirectCommandBus bus = bus();
        bus.execute(request(new Counters.Close("a")));
        CommandRequest late = request(new Counters.Add("a", 1));

        assertThat(bus.execute(late)).isEqualTo(Rejection.of("closed", "The counter is closed."));
        assertThat(stored(late).status()).isEqualTo(CommandStatus.FAILED);
        assertThat(bus.execute(late)).isEqualTo(Rejection.of("closed", "The counter is closed."));
    }

    @Test
    void aRejectionThatMayPassLaterIsNotKept() {
        DirectCommandBus bus = bus();
        CommandRequest early = request(new Counters.Add("a", -5));

        assertThat(bus.execute(early))
                .isEqualTo(new Rejection("too low", "The counter would be below zero.", Map.of("total", "0"), true));
        assertThat(commands.store().find(tenant, early.id())).isEmpty();
        bus.execute(request(new Counters.Add("a", 5)));
        assertThat(bus.execute(early).isSuccess()).isTrue();

        CommandResult first = stored(early).progress().result();
        assertThat(bus.execute(early))
                .as("it has ended, and would be rejected now")
                .isEqualTo(first);
    }

    @Test
    void theSameCommandActsOnceAndHasItsFirstResult() {
        DirectCommandBus bus = bus();
        CommandRequest request = request(new Counters.Add("a", 3));
        CommandResult first = bus.execute(request);
        bus.execute(request(new Counters.Close("a")));

        assertThat(bus.execute(request)).isEqualTo(first);
        assertThatExceptionOfType(CommandIdReusedException.class)
                .isThrownBy(() -> bus.execute(request(new Counters.Add("a", 4)).withId(request.id())));
        assertThat(commands.events().load(stream("a")).toList()).hasSize(2);
    }

    @Test
    void nothingToDoIsASuccess() {
        CommandRequest request = request(new Counters.Add("a", 0));

        assertThat(bus().execute(request)).isEqualTo(new Success(StreamVersion.NONE, List.of(), null));
        assertThat(stored(request).status()).isEqualTo(CommandStatus.PROCESSED);
        assertThat(commands.events().exists(stream("a"))).isFalse();
    }

    @Test
    void anErrorPassesThroughAndTheCommandMayBeSentAgain() {
        CommandRequest request = request(new Counters.Add("a", 100));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> bus().execute(request))
                .withMessage("a defect");
        assertThat(commands.store().find(tenant, request.id())).isEmpty();
    }

    @Test
    void aMethodHandlesACommandAndItsValueIsTheResult() {
        DirectCommandBus bus = bus();
        bus.execute(request(new Counters.Add("a", 3)));
        CommandRequest copy = request(new Copy("b", "a", false));
        CommandResult result = bus.execute(copy);

        assertThat(((Success) result).value())
                .isNotNull()
                .extracting(value -> value.as(Integer.class))
                .isEqualTo(3);
        assertThat(bus.execute(copy)).isEqualTo(result);
        assertThat(commands.events()
                        .load(new StreamId(tenant, "contract-copies", "b"))
                        .toList())
                .hasSize(1);
    }

    @Test
    void aMethodMayRejectAndKnowsWhatItHandles() {
        CommandRequest copy = request(new Copy("b", "a", true));

        assertThat(bus().execute(copy)).isEqualTo(Rejection.of("unwanted", copy.id() + " caused by " + copy.id()));
        assertThat(stored(copy).status()).isEqualTo(CommandStatus.FAILED);
    }

    @CommandType("contract-unknown")
    private record Unknown(@TargetId String id) {}

    @Test
    void whatNobodyHandlesIsRefused() {
        assertThatExceptionOfType(UnroutableCommandException.class)
                .isThrownBy(() -> bus().execute(request(new Unknown("a"))));
        assertThatExceptionOfType(UnroutableCommandException.class)
                .isThrownBy(() -> bus().schedule(List.of(request(new Unknown("a"))), Due.NOW));
    }

    @Test
    void aCommandThatDoesNotSayWhatItIsMeantForIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bus().execute(request(new Counters.Add(" ", 1))))
                .withMessageContaining("does not say which stream it is meant for");
    }

    @Test
    void aCheckMayRejectBeforeAnythingIsDecidedOrStored() {
        checks.add(request -> "ann".equals(request.metadata().actor())
                ? Optional.empty()
                : Optional.of(Rejection.of(Rejection.FORBIDDEN, "Only Ann may.")));
        DirectCommandBus bus = bus();
        CommandRequest forbidden = request(new Counters.Add("a", 1));

        assertThat(bus.execute(forbidden)).isEqualTo(Rejection.of("forbidden", "Only Ann may."));
        assertThatExceptionOfType(CommandRejectedException.class)
                .isThrownBy(() -> bus.schedule(List.of(request(new Counters.Add("a", 1))), Due.NOW));
        assertThat(bus.execute(request(new Counters.Add("a", 1))
                                .withMetadata(
                                        EventMetadata.builder().actor("ann").build()))
                        .isSuccess())
                .isTrue();
        assertThat(total("a")).isEqualTo(1);
    }

    @Test
    void theTenantOfTheScopeIsThatOfTheCommand() {
        DirectCommandBus bus = bus();
        TenantContext.run(tenant, () -> bus.execute(new Counters.Add("a", 2)));

        assertThat(total("a")).isEqualTo(2);
        assertThat(commands.events().exists(stream("a").inTenant(TenantId.of("another-" + tenant))))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(SnapshotTiming.class)
    void aSnapshotIsTakenWhenThePolicySaysSoAndTheNextCommandBeginsWithIt(SnapshotTiming timing) {
        DirectCommandBus bus = bus(AggregateSettings.of(Counters.class)
                .withSnapshots(
                        SnapshotPolicy.everyEvents(3).or(SnapshotPolicy.whenEvent(Counters.Closed.class::isInstance)),
                        timing));
        for (int i = 1; i <= 4; i++) {
            bus.execute(request(new Counters.Add("a", i)));
        }
        assertThat(commands.snapshots().latest(stream("a"), Counters.Counter.class))
                .contains(new Snapshot<>(stream("a"), StreamVersion.of(3), new Counters.Counter(6, 3, false)));

        bus.execute(request(new Counters.Close("a")));
        assertThat(commands.snapshots().latest(stream("a"), Counters.Counter.class))
                .contains(new Snapshot<>(stream("a"), StreamVersion.of(5), new Counters.Counter(10, 4, true)));
        assertThat(bus.execute(request(new Counters.Add("a", 1)))).isInstanceOf(Rejection.class);
    }

    /** Two buses, as on two nodes: within one the commands queue up. */
    @Test
    void manyThatFightForOneStreamAllSucceed() {
        List<DirectCommandBus> nodes = List.of(bus(), bus());
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<CompletableFuture<CommandResult>> results = IntStream.range(0, 200)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> nodes.get(i % 2).execute(request(new Counters.Add("a", 1))), pool))
                    .toList();

            assertThat(results).extracting(CompletableFuture::join).allMatch(CommandResult::isSuccess);
        } finally {
            pool.shutdownNow();
        }
        assertThat(total("a")).isEqualTo(200);
    }

    /** Without the queue of the node, most of what is decided would be decided in vain. */
    @Test
    void theCommandsOfOneNodeToOneStreamQueueUp() {
        DirectCommandBus bus = bus();
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            IntStream.range(0, 200)
                    .mapToObj(i ->
                            CompletableFuture.supplyAsync(() -> bus.execute(request(new Counters.Add("a", 1))), pool))
                    .toList()
                    .forEach(CompletableFuture::join);
        } finally {
            pool.shutdownNow();
        }

        assertThat(decided).hasSize(200).containsOnly(1);
        assertThat(total("a")).isEqualTo(200);
    }
}
