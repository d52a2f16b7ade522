package io.eventsourcing.testkit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.ClaimRequest;
import io.eventsourcing.core.command.ClaimedCommand;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandLostException;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedPayload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How commands come to workers. */
abstract class ClaimRules extends CommandRules {

    /** For what takes a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    ClaimRules(Supplier<CommandsUnderTest> opener) {
        super(opener);
    }

    private static List<CommandId> ids(List<ClaimedCommand> claimed) {
        return claimed.stream().map(each -> each.command().id()).toList();
    }

    @Test
    void onlyWhatIsDueIsTaken() {
        NewCommand due = saved(add("a", 1));
        saved(add(CommandId.next(), "b", 1, Due.in(Duration.ofHours(1))));
        NewCommand past =
                saved(add(CommandId.next(), "c", 1, Due.at(Instant.now().minusSeconds(60))));

        assertThat(ids(claim(10))).as("the one that is due longest first").containsExactly(past.id(), due.id());
        assertThat(claim(10)).isEmpty();
    }

    @Test
    void noMoreAreTakenThanAskedFor() {
        for (int i = 0; i < 5; i++) {
            saved(add("a-" + i, 1));
        }
        assertThat(commands.queue().claim(request(2, null))).hasSize(2);
    }

    @Test
    void theCommandsOfAStreamComeOneAfterTheOtherByTheirDueTimes() {
        Instant past = Instant.now().minusSeconds(60);
        NewCommand third = saved(add(CommandId.next(), "a", 3, Due.at(past.plusSeconds(2))));
        NewCommand first = saved(add(CommandId.next(), "a", 1, Due.at(past)));
        NewCommand second = saved(add(CommandId.next(), "a", 2, Due.at(past)));
        NewCommand other = saved(add(CommandId.next(), "b", 1, Due.at(past.plusSeconds(3))));

        List<ClaimedCommand> claimed = claim(10);
        assertThat(ids(claimed)).containsExactly(first.id(), other.id());
        complete(first, claimed.get(0).claim(), 0);
        List<ClaimedCommand> next = claim(10);
        assertThat(ids(next))
                .as("stored after the first, and due at the same time")
                .containsExactly(second.id());
        complete(second, next.get(0).claim(), 1);
        assertThat(ids(claim(10))).containsExactly(third.id());
    }

    @Test
    void aCommandThatIsTriedAgainLaterHoldsUpItsStreamAndNoOther() {
        NewCommand failing = saved(add("a", 1));
        NewCommand behind = saved(add("a", 2));
        NewCommand other = saved(add("b", 1));
        commands.queue().retry(claimed(failing).claim(), Duration.ofHours(1), "no", true);

        assertThat(ids(claim(10))).containsExactly(other.id());
        assertThat(commands.store().cancel(tenant, failing.id(), "in the way")).isTrue();
        assertThat(ids(claim(10))).containsExactly(behind.id());
    }

    @Test
    void anAttemptCountsAndItsErrorIsKeptUntilTheNext() {
        NewCommand command = saved(add("a", 1));
        commands.queue().retry(claimed(command).claim(), Duration.ZERO, "no\u0000thing", true);
        assertThat(found(command).progress().lastError()).startsWith("no").endsWith("thing");

        ClaimedCommand again = claimed(command);
        assertThat(again.command().progress().attempts()).isEqualTo(2);
        complete(command, again.claim(), 0);
        assertThat(found(command).progress().lastError()).isNull();
    }

    @Test
    void onlyTypesThatTheWorkerHandlesAreTaken() {
        NewCommand command = saved(add("a", 1));
        ClaimRequest ofOthers = new ClaimRequest("worker", 10, LEASE, Map.of("contract-close", 1), command.stream());

        assertThat(commands.queue().claim(ofOthers)).isEmpty();
        assertThat(ids(commands.queue().claim(request(10, command.stream())))).containsExactly(command.id());
    }

    @Test
    void theNextOfAStreamIsTakenOnlyIfItIsTheFirst() {
        NewCommand first = saved(add("a", 1));
        NewCommand second = saved(add("a", 2));
        Claim held = claimed(first).claim();

        assertThat(commands.queue().claim(request(1, stream("a")))).isEmpty();
        complete(first, held, 0);
        assertThat(ids(commands.queue().claim(request(1, stream("a"))))).containsExactly(second.id());
    }

    @Test
    void aLeaseThatIsOverLetsOthersTakeTheCommandWithANewToken() {
        NewCommand command = saved(add("a", 1));
        Claim lost = claimed(command).claim();
        assertThat(claim(10)).isEmpty();
        commands.expireLease().accept(lost);

        Claim next = claimed(command).claim();
        assertThat(next.token()).isGreaterThan(lost.token());
        assertThat(commands.queue().extend(List.of(lost, next), LEASE)).containsExactly(next);
        commands.queue().release(List.of(lost));
        assertThatExceptionOfType(CommandLostException.class)
                .isThrownBy(() -> commands.queue().retry(lost, Duration.ZERO, "late", true));
        complete(command, next, 0);
    }

    @Test
    void aLeaseThatIsExtendedLasts() {
        NewCommand command = saved(add("a", 1));
        ClaimRequest shortly =
                new ClaimRequest("worker", 1, Duration.ofSeconds(2), Map.of("contract-add", 1), command.stream());
        Claim held = commands.queue().claim(shortly).get(0).claim();

        assertThat(commands.queue().extend(List.of(held), LEASE)).containsExactly(held);
        complete(command, held, 0);
    }

    /** The workers of several nodes that take and end as fast as they can. */
    @Test
    void aVersionThatTheWorkerDoesNotKnowStays() {
        NewCommand older = add("a", 1);
        SerializedPayload payload = older.payload();
        NewCommand newer = new NewCommand(
                older.id(),
                older.stream(),
                new SerializedPayload(new VersionedType(payload.type().name(), 2), payload.json(), null),
                older.metadata(),
                Due.NOW);
        commands.store().save(List.of(newer));
        ClaimRequest ofOld = new ClaimRequest("worker", 1, LEASE, Map.of("contract-add", 1), newer.stream());
        ClaimRequest ofNew = new ClaimRequest("worker", 1, LEASE, Map.of("contract-add", 2), newer.stream());

        assertThat(commands.queue().claim(ofOld)).isEmpty();
        assertThat(commands.queue().claim(ofNew)).hasSize(1);
    }

    @Test
    void whileOneIsHandledNoneOfItsStreamIsTakenAlsoIfItComesFirst() {
        NewCommand handled = add("a", 1);
        commands.store().save(List.of(handled));
        Claim claim = claimed(handled).claim();
        NewCommand later = add("a", 2);
        NewCommand earlier =
                new NewCommand(later.id(), later.stream(), later.payload(), later.metadata(), Due.at(Instant.EPOCH));
        commands.store().save(List.of(earlier));
        ClaimRequest ofStream = new ClaimRequest("worker", 1, LEASE, Map.of("contract-add", 1), handled.stream());
        assertThat(commands.queue().claim(ofStream)).isEmpty();

        commands.queue().release(List.of(claim));
        assertThat(commands.queue().claim(ofStream))
                .extracting(each -> each.command().id())
                .containsExactly(earlier.id());
    }

    @Test
    void whatIsGivenBackWithoutAnAttemptWasNone() {
        NewCommand command = add("a", 1);
        commands.store().save(List.of(command));
        commands.queue().retry(claimed(command).claim(), Duration.ZERO, "away", false);
        assertThat(found(command).progress().attempts()).isZero();
        assertThat(found(command).progress().lastError()).isEqualTo("away");
        commands.queue().retry(claimed(command).claim(), Duration.ZERO, "an error", true);
        assertThat(found(command).progress().attempts()).isEqualTo(1);
    }

    @Test
    void noCommandComesToTwoWorkersAndTheOrderWithinStreamsHolds() {
        List<NewCommand> all = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            all.add(add("s-" + i % 6, i + 1));
        }
        assertThat(commands.store().save(all)).hasSameSizeAs(all);
        Set<CommandId> taken = ConcurrentHashMap.newKeySet();
        AtomicInteger twice = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            Stream.generate(() -> CompletableFuture.runAsync(() -> work(taken, twice, all.size()), pool))
                    .limit(4)
                    .toList()
                    .forEach(CompletableFuture::join);
        } finally {
            pool.shutdownNow();
        }

        assertThat(twice.get()).isZero();
        assertThat(taken).hasSameSizeAs(all);
        for (int s = 0; s < 6; s++) {
            List<NewCommand> ofStream = new ArrayList<>();
            for (int i = s; i < all.size(); i += 6) {
                ofStream.add(all.get(i));
            }
            assertThat(ofStream.stream().map(each -> found(each).progress().finishedAt()))
                    .isSorted();
            assertThat(events("s-" + s)).isEqualTo(20);
        }
    }

    private void work(Set<CommandId> taken, AtomicInteger twice, int all) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (taken.size() < all && System.nanoTime() < deadline) {
            for (ClaimedCommand claimed : claim(3)) {
                if (!taken.add(claimed.command().id())) {
                    twice.incrementAndGet();
                }
                NewCommand command = new NewCommand(
                        claimed.command().id(),
                        claimed.command().stream(),
                        claimed.command().payload(),
                        claimed.command().metadata(),
                        Due.NOW);
                complete(
                        command,
                        claimed.claim(),
                        events(claimed.command().stream().id()));
            }
        }
    }
}
