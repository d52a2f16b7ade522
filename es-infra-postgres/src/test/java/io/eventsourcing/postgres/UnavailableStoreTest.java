package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eventsourcing.core.event.AppendOutcomeUnknownException;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.DuplicateEventIdException;
import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.TransientStoreException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** What a caller is told when the database cannot do what it was asked for. */
class UnavailableStoreTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final String SECRET = "secret-in-payload";

    private final DataSource dataSource = postgres.database().dataSource();
    private final DataSource admin = postgres.database().adminDataSource();
    private final PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final TransactionTemplate transaction =
            new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    private final StreamId stream = Noted.newStream();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @Test
    void databaseThatIsDown() {
        PGSimpleDataSource nobody = new PGSimpleDataSource();
        nobody.setUrl("jdbc:postgresql://localhost:1/nothing");
        PostgresEventStore unreachable = new PostgresEventStore(nobody, Noted.SERIALIZATION);

        assertThatExceptionOfType(EventStoreUnavailableException.class)
                .isThrownBy(() -> unreachable.append(Noted.to(stream)))
                .withMessageContainingAll(
                        "No connection", "Nothing was read or written", "Check that the database runs");
        assertThatExceptionOfType(EventStoreUnavailableException.class).isThrownBy(() -> unreachable.load(stream));
    }

    /** A DataSource that connects late finds out when the statement is prepared: nothing was sent all the same. */
    @Test
    void databaseThatIsDownBehindALazyDataSource() {
        PGSimpleDataSource nobody = new PGSimpleDataSource();
        nobody.setUrl("jdbc:postgresql://localhost:1/nothing");
        PostgresEventStore unreachable =
                new PostgresEventStore(new LazyConnectionDataSourceProxy(nobody), Noted.SERIALIZATION);

        assertThatExceptionOfType(EventStoreUnavailableException.class)
                .isThrownBy(() -> unreachable.append(Noted.to(stream)))
                .withMessageContaining("Nothing was read or written");
    }

    @Test
    void loginThatIsRefused() throws Exception {
        PGSimpleDataSource wrong = new PGSimpleDataSource();
        wrong.setUrl(postgres.database().url());
        wrong.setUser("nobody_" + System.nanoTime());
        wrong.setPassword("guess");
        PostgresEventStore refused = new PostgresEventStore(wrong, Noted.SERIALIZATION);

        assertThatExceptionOfType(EventStoreUnavailableException.class)
                .isThrownBy(() -> refused.append(Noted.to(stream)))
                .withMessageContaining("accepts the login");
    }

    @Test
    void roleWithoutPrivileges() {
        Sql.execute(admin, "create role intruder login password 'intruder'");
        PGSimpleDataSource intruder = new PGSimpleDataSource();
        intruder.setUrl(postgres.database().url());
        intruder.setUser("intruder");
        intruder.setPassword("intruder");
        PostgresEventStore refused = new PostgresEventStore(intruder, Noted.SERIALIZATION);

        assertThatExceptionOfType(EventStoreRefusedException.class)
                .isThrownBy(() -> refused.append(Noted.to(stream)))
                .withMessageContainingAll(
                        "42501", "lacks a privilege", "the role that is meant for this", "Nothing was written");
        Sql.execute(admin, "drop role intruder");
    }

    @Test
    void connectionThatIsLostInMidAppendLeavesTheOutcomeOpen() {
        NewEvent event = NewEvent.of(new Noted(SECRET));
        AppendRequest request = AppendRequest.of(stream, ExpectedVersion.any(), List.of(event));

        CompletableFuture<Object> append = transaction.execute(status -> {
            store.append(Noted.to(stream));
            CompletableFuture<Object> started = CompletableFuture.supplyAsync(() -> store.append(request));
            terminateWhoWaits();
            return started;
        });

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(append::join)
                .withCauseInstanceOf(AppendOutcomeUnknownException.class)
                .withMessageContainingAll(stream.toString(), "may or may not be written", "same event ids");
        assertThat(store.append(request).alreadyRecorded()).isFalse();
        assertThat(store.append(request).alreadyRecorded()).isTrue();
    }

    @Test
    void connectionThatIsLostInASurroundingTransactionLosesAllOfIt() {
        StreamId other = Noted.newStream();

        List<Throwable> thrown = new ArrayList<>();
        assertThatException()
                .isThrownBy(() -> transaction.executeWithoutResult(status -> {
                    store.append(Noted.to(stream));
                    long pid = Long.parseLong(
                            Sql.texts(DataSourceUtils.getConnection(dataSource), "select pg_backend_pid()")
                                    .get(0));
                    Sql.texts(admin, "select pg_terminate_backend(?::int)", pid);
                    thrown.add(catchThrowable(() -> store.append(Noted.to(other))));
                }));

        // asserted out here: Spring's failure to roll back would hide an assertion's
        assertThat(thrown)
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .isInstanceOf(EventStoreUnavailableException.class)
                        .hasMessageContaining("surrounding transaction is lost"));
        assertThat(store.exists(stream)).isFalse();
        assertThat(store.exists(other)).isFalse();
    }

    @Test
    void appendThatWaitsTooLongForALockIsGivenUp() {
        transaction.executeWithoutResult(status -> {
            store.append(Noted.to(stream));
            CompletableFuture<Void> impatient = CompletableFuture.runAsync(
                    () -> transactionWith("set local lock_timeout = '50ms'").run());
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(impatient::join)
                    .withCauseInstanceOf(TransientStoreException.class)
                    .withMessageContaining("55P03");
        });
    }

    private Runnable transactionWith(String setting) {
        return () -> transaction.executeWithoutResult(status -> {
            Sql.execute(DataSourceUtils.getConnection(dataSource), setting);
            store.append(Noted.to(stream));
        });
    }

    @Test
    void eventIdThatAnotherStreamRecordsAtTheSameTime() {
        NewEvent event = NewEvent.of(new Noted("x"));
        StreamId other = Noted.newStream();

        CompletableFuture<Object> append = transaction.execute(status -> {
            store.append(AppendRequest.of(stream, ExpectedVersion.any(), List.of(event)));
            CompletableFuture<Object> started = CompletableFuture.supplyAsync(
                    () -> store.append(AppendRequest.of(other, ExpectedVersion.any(), List.of(event))));
            Sql.awaitLockWait(admin, "transactionid");
            return started;
        });

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(append::join)
                .withCauseInstanceOf(DuplicateEventIdException.class);
        assertThat(store.exists(other)).isFalse();
    }

    @Test
    void errorsQuoteNoPayload() {
        Sql.execute(
                dataSource,
                "alter table eventsourcing.event add constraint no_secrets check (payload::text !~ '" + SECRET
                        + "') not valid");
        try {
            assertThatExceptionOfType(EventStoreRefusedException.class)
                    .isThrownBy(() -> store.append(AppendRequest.of(stream, ExpectedVersion.any(), new Noted(SECRET))))
                    .withMessageContaining("23514")
                    .satisfies(error -> assertThat(error).hasStackTraceContaining("no_secrets"))
                    .satisfies(error -> assertThat(stackTraceOf(error)).doesNotContain(SECRET));
        } finally {
            Sql.execute(dataSource, "alter table eventsourcing.event drop constraint no_secrets");
        }
    }

    private static String stackTraceOf(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private void terminateWhoWaits() {
        Sql.awaitLockWait(admin, "advisory");
        Sql.texts(
                admin,
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'advisory'");
    }
}
