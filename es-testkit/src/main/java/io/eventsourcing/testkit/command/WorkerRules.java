package io.eventsourcing.testkit.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.ClaimRequest;
import io.eventsourcing.core.command.CommandCheck;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandProgress;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Failure;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.CommandWorkers;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.FailureKind;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.command.WorkerSettings;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.subscription.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands that wait, and are handled by workers. Those of other tests may be handled here as well. */
@Timeout(120)
abstract class WorkerRules extends BusRules {

    private static final WorkerSettings EAGER = new WorkerSettings(
            "worker",
            4,
            Duration.ofMinutes(1),
            Duration.ofMillis(50),
            new RetryPolicy(3, Duration.ofMillis(10), Duration.ofMillis(20)),
            Duration.ofSeconds(10));

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<CommandWorkers> running = new ArrayList<>();

    WorkerRules(Supplier<CommandsUnderTest> opener) {
        super(opener);
    }

    private CommandWorkers workers(WorkerSettings settings) {
        CommandWorkers workers = new CommandWorkers(bus(), commands.queue(), settings);
        running.add(workers);
        return workers;
    }

    @AfterEach
    void closeWorkers() {
        running.forEach(CommandWorkers::close);
    }

    private CommandRequest scheduled(Object command, Due due) {
        CommandRequest request = request(command);
        bus().schedule(List.of(request), due);
        return request;
    }

    /** Looks again from time to time until something holds. */
    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not within " + PATIENCE + ".");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private StoredCommand stored(CommandRequest request) {
        return commands.store().find(tenant, request.id()).orElseThrow();
    }

    private CommandResult result(CommandRequest request) {
        await(() -> stored(request).status().isFinished());
        return Optional.ofNullable(stored(request).progress().result()).orElseThrow();
    }

    @Test
    void whatIsScheduledIsHandledWhenItIsDue() {
        CommandRequest later = scheduled(new Counters.Add("b", 1), Due.in(Duration.ofHours(1)));
        CommandRequest soon = scheduled(new Counters.Add("a", 2), Due.in(Duration.ofMillis(300)));
        workers(EAGER);

        assertThat(result(soon).isSuccess()).isTrue();
        assertThat(stored(soon).progress().finishedAt())
                .isAfterOrEqualTo(stored(soon).dueAt());
        assertThat(stored(soon).progress().attempts()).isEqualTo(1);
        assertThat(total("a")).isEqualTo(2);
        assertThat(stored(later).status()).isEqualTo(CommandStatus.PENDING);
    }

    @Test
    void whoIsToldLooksAtOnce() {
        CommandWorkers workers = workers(new WorkerSettings(
                "told", 4, Duration.ofMinutes(1), Duration.ofHours(1), EAGER.retry(), EAGER.closeWithin()));
        commands.signals().onStored(workers::wake);
        CommandRequest first = scheduled(new Counters.Add("a", 1), Due.NOW);

        assertThat(result(first).isSuccess()).isTrue();
    }

    @Test
    void theCommandsOfAStreamAreHandledInOrder() {
        List<CommandRequest> all = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            all.add(scheduled(new Counters.Add("s-" + i % 3, i), Due.NOW));
        }
        workers(EAGER);
        workers(EAGER);
        all.forEach(this::result);

        for (int s = 0; s < 3; s++) {
            List<RecordedEvent> events =
                    commands.events().load(stream("s-" + s)).toList();
            assertThat(events).hasSize(20);
            assertThat(events)
                    .extracting(event -> ((Counters.Added) event.payload()).number())
                    .isSorted();
        }
    }

    @Test
    void whatFailsIsTriedAgainAndFailsInTheEndWithItsReason() {
        CommandRequest failing = scheduled(new Counters.Add("a", 100), Due.NOW);
        CommandRequest behind = scheduled(new Counters.Add("a", 1), Due.NOW);
        CommandRequest other = scheduled(new Counters.Add("b", 1), Due.NOW);
        workers(EAGER);

        assertThat(result(failing))
                .isEqualTo(new Failure(FailureKind.EXHAUSTED, "java.lang.IllegalStateException: a defect"));
        assertThat(stored(failing).progress().attempts()).isEqualTo(3);
        assertThat(result(behind).isSuccess()).isTrue();
        assertThat(result(other).isSuccess()).isTrue();
        assertThat(stored(behind).progress().finishedAt())
                .as("waited for the one before it")
                .isAfterOrEqualTo(stored(failing).progress().finishedAt());
    }

    @Test
    void aRejectionIsTheEndUnlessItMayPassLater() {
        CommandRequest closing = scheduled(new Counters.Close("a"), Due.NOW);
        CommandRequest rejected = scheduled(new Counters.Add("a", 1), Due.NOW);
        CommandRequest tooEarly = scheduled(new Counters.Add("b", -1), Due.NOW);
        workers(EAGER);

        assertThat(result(closing).isSuccess()).isTrue();
        assertThat(result(rejected)).isEqualTo(Rejection.of("closed", "The counter is closed."));
        assertThat(stored(rejected).progress().attempts()).isEqualTo(1);
        assertThat(result(tooEarly))
                .isEqualTo(new Rejection("too low", "The counter would be below zero.", Map.of("total", "0"), true));
        assertThat(stored(tooEarly).progress().attempts()).isEqualTo(3);
    }

    /** So commands of a newer version wait for its nodes, in a rolling deployment. */
    @Test
    void aTypeThatNobodyHandlesHereWaits() {
        SerializedPayload unknown = new SerializedPayload(new VersionedType("contract-newer", 1), "{}", null);
        NewCommand newer = new NewCommand(CommandId.next(), stream("a"), unknown, EventMetadata.NONE, Due.NOW);
        commands.store().save(List.of(newer));
        CommandRequest behind = scheduled(new Counters.Add("a", 1), Due.NOW);
        CommandRequest other = scheduled(new Counters.Add("b", 1), Due.NOW);
        workers(EAGER);
        assertThat(result(other).isSuccess()).isTrue();

        CommandProgress progress =
                commands.store().find(tenant, newer.id()).orElseThrow().progress();
        assertThat(progress.status()).isEqualTo(CommandStatus.PENDING);
        assertThat(progress.attempts()).isZero();
        assertThat(stored(behind).status()).as("behind it in its stream").isEqualTo(CommandStatus.PENDING);
    }

    @Test
    void noMoreAreTakenThanCanBeHandledAtOnce() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        checks.add(request -> {
            if (request.tenant().equals(tenant)) {
                inside.incrementAndGet();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return Optional.empty();
        });
        List<CommandRequest> all = new ArrayList<>();
        DirectCommandBus unchecked = uncheckedBus();
        for (int i = 0; i < 12; i++) {
            CommandRequest request = request(new Counters.Add("a-" + i, 1));
            unchecked.schedule(List.of(request), Due.NOW);
            all.add(request);
        }
        workers(EAGER);
        await(() -> inside.get() >= 4);

        assertThat(all.stream().filter(each -> stored(each).status() == CommandStatus.CONSUMED))
                .hasSizeLessThanOrEqualTo(4);
        go.countDown();
        all.forEach(each -> assertThat(result(each).isSuccess()).isTrue());
    }

    private DirectCommandBus uncheckedBus() {
        List<CommandCheck> kept = List.copyOf(checks);
        checks.clear();
        DirectCommandBus bus = bus();
        checks.addAll(kept);
        return bus;
    }

    @Test
    void aCommandThatTakesLongerThanItsLeaseStaysWithItsWorker() {
        CountDownLatch go = new CountDownLatch(1);
        CommandRequest slow = scheduled(new Counters.Add("a", 1), Due.NOW);
        checks.add(request -> {
            if (request.id().equals(slow.id())) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return Optional.empty();
        });
        workers(new WorkerSettings(
                "slow", 4, Duration.ofMillis(300), Duration.ofMillis(50), EAGER.retry(), EAGER.closeWithin()));
        await(() -> stored(slow).status() == CommandStatus.CONSUMED);
        ClaimRequest another =
                new ClaimRequest("another", 1, Duration.ofMinutes(5), Map.of("contract-add", 1), stream("a"));
        long leases = System.nanoTime() + Duration.ofMillis(900).toNanos();
        await(() -> {
            assertThat(commands.queue().claim(another)).isEmpty();
            return System.nanoTime() > leases;
        });
        go.countDown();

        assertThat(result(slow).isSuccess()).isTrue();
        assertThat(stored(slow).progress().attempts()).isEqualTo(1);
    }

    @Test
    void whatAWorkerWasAtThatDiedIsTakenOver() {
        CommandRequest request = scheduled(new Counters.Add("a", 1), Due.NOW);
        Claim dead = commands.queue()
                .claim(new ClaimRequest("dead", 1, Duration.ofMinutes(5), Map.of("contract-add", 1), stream("a")))
                .get(0)
                .claim();
        workers(EAGER);
        commands.expireLease().accept(dead);

        assertThat(result(request).isSuccess()).isTrue();
        assertThat(stored(request).progress().attempts()).isEqualTo(2);
        assertThat(total("a")).isEqualTo(1);
    }

    @Test
    void aCloseWaitsForWhatIsBeingHandledAndTakesNoMore() throws Exception {
        CountDownLatch isHandling = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CommandRequest first = scheduled(new Counters.Add("a", 1), Due.NOW);
        CommandRequest second = scheduled(new Counters.Add("a", 2), Due.NOW);
        checks.add(request -> {
            if (request.id().equals(first.id())) {
                isHandling.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return Optional.empty();
        });
        CommandWorkers workers = workers(EAGER);
        isHandling.await();
        Thread closing = new Thread(workers::close);
        closing.start();
        await(() -> closing.getState() == Thread.State.TIMED_WAITING);
        go.countDown();
        closing.join();

        assertThat(stored(first).status()).isEqualTo(CommandStatus.PROCESSED);
        assertThat(stored(second).status()).isEqualTo(CommandStatus.PENDING);
    }

    @Test
    void metadataComesToTheEventsOfAScheduledCommandAsWell() {
        CommandRequest request = request(new Counters.Add("a", 1))
                .withMetadata(
                        EventMetadata.builder().correlationId("c").actor("ann").build());
        bus().schedule(List.of(request), Due.NOW);
        workers(EAGER);
        result(request);

        EventMetadata metadata =
                commands.events().load(stream("a")).toList().get(0).metadata();
        assertThat(metadata.correlationId()).isEqualTo("c");
        assertThat(metadata.actor()).isEqualTo("ann");
        assertThat(metadata.causationId()).isEqualTo(request.id().toString());
    }
}
