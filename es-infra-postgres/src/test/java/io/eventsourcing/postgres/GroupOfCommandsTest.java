package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.ClaimRequest;
import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandLostException;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.Completed;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands that are stored, loaded for and ended together share a commit, and nothing else: each gets its own answer. */
class GroupOfCommandsTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final String WAITING =
            "select pid::text from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

    private final DataSource dataSource = postgres.database().dataSource();
    private final GatedDataSource gate = new GatedDataSource(dataSource);
    private final PostgresEventStore gatedEvents = Noted.sharingStore(gate);
    private final PostgresCommandStore gated = new PostgresCommandStore(gate, gatedEvents);
    private final PostgresEventStore events = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final PostgresCommandStore store = new PostgresCommandStore(dataSource, events);

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @AfterEach
    void openTheGate() {
        gate.open();
    }

    /** Calls that are made as one group, behind a first one. */
    private <T> List<CompletableFuture<T>> group(Supplier<T> first, List<Supplier<T>> calls) {
        List<CompletableFuture<T>> started = new ArrayList<>();
        started.add(CompletableFuture.supplyAsync(first, task -> new Thread(task).start()));
        gate.awaitWaiting(1);
        List<Thread> threads = new ArrayList<>();
        for (Supplier<T> call : calls) {
            started.add(CompletableFuture.supplyAsync(call, task -> {
                Thread thread = new Thread(task);
                threads.add(thread);
                thread.start();
            }));
        }
        Awaitility.await().until(() -> threads.stream().allMatch(ConcurrentAppends::waits));
        gate.open();
        started.get(0).join();
        return started.subList(1, started.size());
    }

    private static CommandCompletion ending(NewCommand command, @Nullable Claim claim) {
        return new CommandCompletion(
                command,
                claim,
                Success.NOTHING,
                AppendRequest.of(command.stream(), ExpectedVersion.noStream(), new Noted("1"), new Noted("2")));
    }

    private List<CompletableFuture<Completed>> endTogether(List<CommandCompletion> ends) {
        return group(
                () -> gated.complete(ending(Commands.to(Noted.newStream()), null)),
                ends.stream()
                        .<Supplier<Completed>>map(end -> () -> gated.complete(end))
                        .toList());
    }

    private Claim claimed(NewCommand command) {
        store.save(List.of(command));
        return store.claim(new ClaimRequest("node", 1, Duration.ofMinutes(1), Map.of("note-it", 1), command.stream()))
                .get(0)
                .claim();
    }

    @Test
    void eachOfThoseThatAreEndedTogetherGetsItsOwnAnswer() {
        NewCommand sent = Commands.to(Noted.newStream());
        NewCommand taken = Commands.to(Noted.newStream());
        Claim held = claimed(taken);
        NewCommand lost = Commands.to(Noted.newStream());
        Claim old = claimed(lost);
        NewCommand known = Commands.to(Noted.newStream());
        Completed before = store.complete(ending(known, null));
        NewCommand late = Commands.to(Noted.newStream());
        events.append(Noted.to(late.stream()));
        NewCommand takenAsAnother = Commands.to(Noted.newStream());
        Claim heldAsAnother = claimed(takenAsAnother);
        NewCommand another = new NewCommand(
                takenAsAnother.id(),
                takenAsAnother.stream(),
                new SerializedPayload(takenAsAnother.payload().type(), "{\"text\":\"another\"}", null),
                takenAsAnother.metadata(),
                takenAsAnother.due());
        NewCommand reused =
                new NewCommand(known.id(), Noted.newStream(), known.payload(), known.metadata(), known.due());

        List<CompletableFuture<Completed>> group = endTogether(List.of(
                ending(sent, null),
                ending(taken, held),
                ending(lost, new Claim(old.tenant(), old.id(), old.token() - 1)),
                ending(known, null),
                ending(late, null),
                ending(reused, null),
                ending(another, heldAsAnother)));

        assertThatIsOver(sent, group.get(0).join());
        assertThatIsOver(taken, group.get(1).join());
        assertThatFails(group.get(2), CommandLostException.class);
        assertThat(group.get(3).join()).isEqualTo(new Completed(before.result(), true));
        assertThatFails(group.get(4), VersionConflictException.class);
        assertThatFails(group.get(5), CommandIdReusedException.class);
        assertThatFails(group.get(6), CommandIdReusedException.class);
        assertThat(events.currentVersion(lost.stream())).isEqualTo(StreamVersion.NONE);
        assertThat(store.find(TenantId.DEFAULT, late.id())).isEmpty();
        assertThat(transactionOf(sent)).isEqualTo(transactionOf(taken));
    }

    private void assertThatIsOver(NewCommand command, Completed completed) {
        assertThat(completed.wasKnown()).isFalse();
        assertThat(((Success) completed.result()).version()).isEqualTo(StreamVersion.of(2));
        assertThat(((Success) completed.result()).positions())
                .isEqualTo(events.load(command.stream()).toList().stream()
                        .map(event -> event.position())
                        .toList());
        assertThat(store.find(TenantId.DEFAULT, command.id())).hasValueSatisfying(stored -> {
            assertThat(stored.status()).isEqualTo(CommandStatus.PROCESSED);
            assertThat(stored.progress().result()).isEqualTo(completed.result());
        });
    }

    private static void assertThatFails(CompletableFuture<?> call, Class<? extends Exception> error) {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(call::join)
                .withCauseInstanceOf(error);
    }

    private String transactionOf(NewCommand command) {
        return Sql.texts(
                        postgres.database().adminDataSource(),
                        "select xmin::text from eventsourcing.command where id = ?",
                        command.id().value())
                .get(0);
    }

    /** It is left out of its group, and its token is looked at when whoever takes it over is done. */
    @Test
    void aCommandThatIsTakenOverWhileItsGroupIsEndedIsLost() throws SQLException {
        NewCommand taken = Commands.to(Noted.newStream());
        Claim held = claimed(taken);
        NewCommand beside = Commands.to(Noted.newStream());
        try (Connection other = postgres.database().adminDataSource().getConnection()) {
            other.setAutoCommit(false);
            Sql.execute(other, "update eventsourcing.command set token = token + 1 where id = '" + taken.id() + "'");

            List<CompletableFuture<Completed>> group = endTogether(List.of(ending(taken, held), ending(beside, null)));
            Awaitility.await()
                    .until(() -> !Sql.texts(postgres.database().adminDataSource(), WAITING)
                            .isEmpty());
            other.commit();

            assertThatFails(group.get(0), CommandLostException.class);
            assertThatIsOver(beside, group.get(1).join());
        }
        assertThat(events.exists(taken.stream())).isFalse();
    }

    /** The group that would store the second one goes, and each of its members is ended on its own. */
    @Test
    void aCommandThatIsSentTwiceAtTheSameTimeActsOnce() {
        NewCommand twice = Commands.to(Noted.newStream());
        StreamId other = Noted.newStream();
        CommandCompletion elsewhere = new CommandCompletion(
                twice,
                null,
                Success.NOTHING,
                AppendRequest.of(other, ExpectedVersion.noStream(), new Noted("1"), new Noted("2")));
        NewCommand beside = Commands.to(Noted.newStream());

        List<CompletableFuture<Completed>> group =
                endTogether(List.of(ending(twice, null), elsewhere, ending(beside, null)));

        CompletableFuture.allOf(group.toArray(CompletableFuture<?>[]::new))
                .exceptionally(lost -> null) // the second one may have to try again
                .join();
        assertThat(events.exists(twice.stream())).isNotEqualTo(events.exists(other));
        assertThatIsOver(beside, group.get(2).join());
    }

    @Test
    void eachOfThoseThatAreStoredTogetherGetsItsOwnAnswer() {
        NewCommand known = Commands.to(Noted.newStream());
        store.save(List.of(known));
        NewCommand reused =
                new NewCommand(known.id(), Noted.newStream(), known.payload(), known.metadata(), known.due());
        List<NewCommand> added = IntStream.range(0, 3)
                .mapToObj(i -> Commands.to(Noted.newStream()))
                .toList();
        List<NewCommand> all = new ArrayList<>(added);
        all.add(known);
        all.add(reused);

        List<CompletableFuture<Set<CommandId>>> group = group(
                () -> gated.save(List.of(Commands.to(Noted.newStream()))),
                all.stream()
                        .<Supplier<Set<CommandId>>>map(command -> () -> gated.save(List.of(command)))
                        .toList());

        for (int i = 0; i < added.size(); i++) {
            assertThat(group.get(i).join()).containsExactly(added.get(i).id());
            assertThat(transactionOf(added.get(i))).isEqualTo(transactionOf(added.get(0)));
        }
        assertThat(group.get(3).join()).isEmpty();
        assertThatFails(group.get(4), CommandIdReusedException.class);
    }

    @Test
    void eachOfThoseThatAreLoadedTogetherGetsItsOwnStream() {
        StreamId one = Noted.newStream();
        events.append(AppendRequest.of(one, ExpectedVersion.noStream(), new Noted("a"), new Noted("b")));
        StreamId large = Noted.newStream();
        for (int i = 0; i < 3; i++) {
            events.append(AppendRequest.of(large, ExpectedVersion.any(), new Noted("x".repeat(40_000) + i)));
        }
        StreamId deleted = Noted.newStream();
        events.append(Noted.to(deleted));
        events.delete(deleted);
        StreamId none = Noted.newStream();

        List<CompletableFuture<EventStream>> group = group(
                () -> gatedEvents.load(Noted.newStream()),
                List.of(
                        () -> gatedEvents.load(none),
                        () -> gatedEvents.load(large),
                        () -> gatedEvents.load(deleted),
                        () -> gatedEvents.load(one)));

        assertThat(group.get(0).join().version()).isEqualTo(StreamVersion.NONE);
        assertThat(group.get(0).join().toList()).isEmpty();
        assertThat(group.get(1).join().toList())
                .isEqualTo(events.load(large).toList())
                .hasSize(3);
        assertThatFails(group.get(2), StreamDeletedException.class);
        assertThat(group.get(3).join().toList())
                .isEqualTo(events.load(one).toList())
                .hasSize(2);
    }
}
