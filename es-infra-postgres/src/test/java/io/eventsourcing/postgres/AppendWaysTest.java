package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.DuplicateEventIdException;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An append takes one of three ways, and each keeps the rules. What a way refuses goes to append_events, so a rule that a short
 * way breaks shows as a success.
 */
class AppendWaysTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    enum Way {
        APPEND_USUAL_EVENT,
        APPEND_GROUP,
        APPEND_EVENTS;

        void append(PostgresEventStore store) {
            append(store, Noted.newStream(), NewEvent.of(new Noted("x")));
        }

        /** Appends in a form that takes this way. */
        void append(PostgresEventStore store, StreamId stream, NewEvent event) {
            ExpectedVersion expected = this == APPEND_USUAL_EVENT ? ExpectedVersion.noStream() : ExpectedVersion.any();
            AppendRequest request = AppendRequest.of(stream, expected, event);
            if (this == APPEND_EVENTS) {
                store.appendAll(List.of(request, Noted.to(Noted.newStream())));
            } else {
                store.append(request);
            }
        }
    }

    private final DataSource dataSource = postgres.database().dataSource();
    private final DataSource admin = postgres.database().adminDataSource();
    private final PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final TransactionTemplate transaction =
            new TransactionTemplate(new DataSourceTransactionManager(dataSource));

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @ParameterizedTest
    @EnumSource
    void registersBeforeItDrawsPositions(Way way) {
        assertThat(whileInserting(
                        "(select count(*) from pg_locks where locktype = 'advisory' and objsubid = 2"
                                + " and pid = pg_backend_pid() and mode = 'ShareLock' and objid::bigint < new.position"
                                + " and classid = 'eventsourcing.event_position_seq'::regclass)",
                        () -> way.append(store)))
                .isNotEmpty()
                .containsOnly("1");
    }

    /** Ends a command with an event, as one of a group. */
    private void endACommand() {
        NewCommand command = Commands.to(Noted.newStream());
        new PostgresCommandStore(dataSource, store)
                .complete(new CommandCompletion(command, null, Success.NOTHING, Noted.to(command.stream())));
    }

    @Test
    void theEndOfACommandRegistersBeforeItDrawsPositions() {
        assertThat(whileInserting(
                        "(select count(*) from pg_locks where locktype = 'advisory' and objsubid = 2"
                                + " and pid = pg_backend_pid() and mode = 'ShareLock' and objid::bigint < new.position"
                                + " and classid = 'eventsourcing.event_position_seq'::regclass)",
                        this::endACommand))
                .containsExactly("1");
    }

    @Test
    void theEndOfACommandWaitsForATransactionThatHoldsTheTenant() {
        CompletableFuture<Void> waiting = transaction.execute(status -> {
            store.appendAll(Stream.generate(() -> Noted.to(Noted.newStream()))
                    .limit(300)
                    .toList());
            CompletableFuture<Void> started = CompletableFuture.runAsync(this::endACommand);
            Sql.awaitLockWait(admin, "advisory");
            return started;
        });

        waiting.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void theEndOfACommandIsRefusedForAStreamThatIsClosed() {
        NewCommand command = Commands.to(Noted.newStream());
        store.append(Noted.to(command.stream()));
        store.archive(command.stream());
        PostgresCommandStore commands = new PostgresCommandStore(dataSource, store);

        assertThatExceptionOfType(StreamArchivedException.class)
                .isThrownBy(() -> commands.complete(
                        new CommandCompletion(command, null, Success.NOTHING, Noted.to(command.stream()))));
        assertThat(commands.find(command.stream().tenant(), command.id())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void commitsDurablyEvenIfTheSessionTurnedThatOff(Way way) {
        PostgresEventStore careless = storeWithSessions("set synchronous_commit = off");

        assertThat(whileInserting("current_setting('synchronous_commit')", () -> way.append(careless)))
                .isNotEmpty()
                .containsOnly("local");
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheDurabilityThatTheSessionAskedFor(Way way) {
        PostgresEventStore careful = storeWithSessions("set synchronous_commit = remote_apply");

        assertThat(whileInserting("current_setting('synchronous_commit')", () -> way.append(careful)))
                .isNotEmpty()
                .containsOnly("remote_apply");
    }

    /** Behind it others queue, for whom the database sees no deadlock. */
    @ParameterizedTest
    @EnumSource(names = {"APPEND_USUAL_EVENT", "APPEND_GROUP"})
    void waitsForNoLockForLong(Way way) {
        assertThat(whileInserting("current_setting('lock_timeout')", () -> way.append(store)))
                .containsExactly("500ms");
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingInTheSession(Way way) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            String session =
                    "select (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())"
                            + " || (select string_agg(name || setting, ',' order by name) from pg_settings"
                            + " where name ~ '^enable|^plan|^jit$|^lock_timeout|^synchronous_commit')"
                            + " || coalesce(current_setting('eventsourcing.tenant', true), '')";
            List<String> before = Sql.texts(connection, session);

            way.append(Noted.sharingStore(new SingleConnectionDataSource(connection, true)));

            assertThat(Sql.texts(connection, session)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesTheTags(Way way) {
        StreamId stream = Noted.newStream();

        way.append(store, stream, NewEvent.of(new Noted("tagged")).withTags(Tag.of("stream", stream.id())));

        assertThat(store.load(stream).toList().get(0).tags()).containsExactly(Tag.of("stream", stream.id()));
        assertThat(Sql.number(
                        admin, "select count(*) from eventsourcing.event_tag where tag = ?", "stream:" + stream.id()))
                .isEqualTo(1);
    }

    @Test
    void refusesAnArchivedStreamAtItsVersion() {
        StreamId archived = Noted.newStream();
        store.append(Noted.to(archived));
        store.archive(archived);

        assertThatExceptionOfType(StreamArchivedException.class)
                .isThrownBy(() -> store.append(
                        AppendRequest.of(archived, ExpectedVersion.exactly(1), new Noted("append_usual_event"))));
    }

    @ParameterizedTest
    @EnumSource
    void refusesIsolationThatWouldHideWhatOthersCommitted(Way way) {
        for (String isolation : List.of("repeatable read", "serializable")) {
            PostgresEventStore isolated = storeWithSessions("set default_transaction_isolation = '" + isolation + "'");

            assertThatExceptionOfType(UnsupportedTransactionException.class).isThrownBy(() -> way.append(isolated));
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesAReadOnlySession(Way way) {
        PostgresEventStore readOnly = storeWithSessions("set default_transaction_read_only = on");

        assertThatExceptionOfType(UnsupportedTransactionException.class).isThrownBy(() -> way.append(readOnly));
    }

    /** A transaction that writes more streams than it may lock holds its tenant's key instead. */
    @ParameterizedTest
    @EnumSource
    void waitsForATransactionThatHoldsTheTenant(Way way) {
        CompletableFuture<Void> waiting = transaction.execute(status -> {
            store.appendAll(Stream.generate(() -> Noted.to(Noted.newStream()))
                    .limit(300)
                    .toList());
            CompletableFuture<Void> started = CompletableFuture.runAsync(() -> way.append(store));
            Sql.awaitLockWait(admin, "advisory");
            return started;
        });

        waiting.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @ParameterizedTest
    @EnumSource
    void anEventIdThatAnotherTransactionIsAboutToRecordHoldsNobodyElseUp(Way way) {
        NewEvent event = NewEvent.of(new Noted("x"));

        CompletableFuture<Void> second = transaction.execute(status -> {
            store.append(AppendRequest.of(Noted.newStream(), ExpectedVersion.any(), event));
            CompletableFuture<Void> same =
                    CompletableFuture.runAsync(() -> way.append(store, Noted.newStream(), event));
            Sql.awaitLockWait(admin, "transactionid");
            CompletableFuture.runAsync(() -> store.append(Noted.to(Noted.newStream())))
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
            return same;
        });

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(second::join)
                .withCauseInstanceOf(DuplicateEventIdException.class);
    }

    /** The transaction began to wait first, and so would be the one that PostgreSQL ends. */
    @ParameterizedTest
    @EnumSource(names = {"APPEND_USUAL_EVENT", "APPEND_GROUP"})
    void givesWayToATransactionInADeadlock(Way way) {
        NewEvent event = NewEvent.of(new Noted("x"));
        StreamId stream = Noted.newStream();

        whileInserting("pg_sleep(0.3)::text where new.stream_id = '" + stream.id() + "'", () -> {
            CompletableFuture<Void> other = transaction.execute(status -> {
                store.append(AppendRequest.of(Noted.newStream(), ExpectedVersion.any(), event));
                CompletableFuture<Void> started = CompletableFuture.runAsync(() -> way.append(store, stream, event));
                Sql.awaitLockWait(admin, "PgSleep"); // it holds the stream, and is about to wait for the event id
                store.append(Noted.to(stream));
                return started;
            });

            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(other::join)
                    .havingCause()
                    .isInstanceOfAny(DuplicateEventIdException.class, VersionConflictException.class);
        });
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.FIRST);
    }

    /** What an expression gives for each event, in the transaction that inserts it, which is over when the call returns. */
    private List<String> whileInserting(String expression, Runnable append) {
        Sql.execute(
                dataSource,
                "create table eventsourcing.seen (what text)",
                "create function eventsourcing.see() returns trigger language plpgsql as $$ begin"
                        + " insert into eventsourcing.seen select " + expression + "; return new; end $$",
                "create trigger see before insert on eventsourcing.event for each row execute function eventsourcing.see()");
        try {
            append.run();
            return Sql.texts(dataSource, "select what from eventsourcing.seen");
        } finally {
            Sql.execute(dataSource, "drop function eventsourcing.see() cascade", "drop table eventsourcing.seen");
        }
    }

    private PostgresEventStore storeWithSessions(String setting) {
        return Noted.sharingStore(new DelegatingDataSource(dataSource) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                Sql.execute(connection, setting);
                return connection;
            }
        });
    }
}
