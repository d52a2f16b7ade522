package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A command that was late several times holds its stream from the load on. */
@Timeout(60)
class HeldStreamTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();
    private final PostgresEventStore events = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final PostgresCommandStore commands = new PostgresCommandStore(dataSource, events);
    private final StreamId stream = Noted.newStream();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    private long waiting() {
        return Sql.number(
                postgres.database().adminDataSource(),
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
    }

    private CommandCompletion ended(NewCommand command) {
        return new CommandCompletion(
                command,
                null,
                Success.NOTHING,
                AppendRequest.of(stream, ExpectedVersion.any(), new Noted("by " + command.id())));
    }

    @Test
    void nobodyElseAppendsMeanwhile() {
        NewCommand command = Commands.to(stream);
        AtomicReference<CompletableFuture<?>> other = new AtomicReference<>();
        long before = commands.holdingStream(command, () -> {
            other.set(CompletableFuture.runAsync(
                    () -> events.append(AppendRequest.of(stream, ExpectedVersion.any(), new Noted("other")))));
            await().until(() -> waiting() == 1);
            return events.load(stream).version().value();
        });
        other.get().join();

        assertThat(before).isZero();
        assertThat(events.load(stream).version().value()).isEqualTo(1);
    }

    /** Whoever ends a stored command without holding its stream locks the command first. */
    @Test
    void twoWhoEndOneCommandDoNotWaitForEachOther() {
        NewCommand command = Commands.to(stream);
        commands.save(List.of(command));
        AtomicReference<CompletableFuture<?>> holder = new AtomicReference<>();
        commands.inTransaction(() -> {
            commands.cancel(stream.tenant(), command.id(), "locks it");
            holder.set(CompletableFuture.runAsync(
                    () -> commands.holdingStream(command, () -> commands.complete(ended(command)))));
            await().until(() -> waiting() == 1);
            events.append(AppendRequest.of(stream, ExpectedVersion.any(), new Noted("of the first")));
            return 0;
        });
        holder.get().join();

        assertThat(events.load(stream).version().value()).isEqualTo(1);
    }
}
