package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.TransientStoreException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionTemplate;

/** The rules that keep streams exact under concurrency, each provoked with interleaved transactions. */
class StreamRulesTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final String ADVISORY_LOCKS_OF_THIS_SESSION =
            "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()";

    private final DataSource dataSource = postgres.database().dataSource();
    private final DataSource admin = postgres.database().adminDataSource();
    private final PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final TransactionTemplate transaction =
            new TransactionTemplate(new DataSourceTransactionManager(dataSource));

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    /** If the statement that locks also looked the version up, the second writer would see version 0 and succeed. */
    @Test
    void versionIsLookedUpInALaterStatementThanTheLock() {
        StreamId stream = Noted.newStream();
        AppendRequest second = AppendRequest.of(stream, ExpectedVersion.noStream(), new Noted("second"));

        CompletableFuture<AppendResult> waiting = transaction.execute(status -> {
            store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Noted("first")));
            CompletableFuture<AppendResult> started = CompletableFuture.supplyAsync(() -> store.append(second));
            Sql.awaitLockWait(admin, "advisory");
            return started;
        });

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(waiting::join)
                .withCauseInstanceOf(VersionConflictException.class)
                .withMessageContaining("is at version 1, but the append expected no stream");
    }

    @Test
    void writersOfDifferentStreamsDoNotWaitForEachOther() {
        transaction.executeWithoutResult(status -> {
            store.append(Noted.to(Noted.newStream()));
            AppendResult other = CompletableFuture.supplyAsync(() -> store.append(Noted.to(Noted.newStream())))
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
            assertThat(other.version()).isEqualTo(StreamVersion.of(1));
        });
    }

    @Test
    void appendAllInOppositeStreamOrdersDoesNotDeadlock() {
        StreamId a = Noted.newStream();
        StreamId b = Noted.newStream();

        CompletableFuture<?> ab =
                CompletableFuture.runAsync(() -> repeat(100, () -> store.appendAll(List.of(Noted.to(a), Noted.to(b)))));
        CompletableFuture<?> ba =
                CompletableFuture.runAsync(() -> repeat(100, () -> store.appendAll(List.of(Noted.to(b), Noted.to(a)))));
        CompletableFuture.allOf(ab, ba).join();

        assertThat(store.currentVersion(a)).isEqualTo(StreamVersion.of(200));
        assertThat(store.currentVersion(b)).isEqualTo(StreamVersion.of(200));
    }

    @Test
    void ambientTransactionsInOppositeStreamOrdersEndInARetryableError() {
        StreamId a = Noted.newStream();
        StreamId b = Noted.newStream();

        deadlock(() -> store.append(Noted.to(a)), () -> store.append(Noted.to(b)));

        assertThat(store.currentVersion(a)).isEqualTo(StreamVersion.of(1));
        assertThat(store.currentVersion(b)).isEqualTo(StreamVersion.of(1));
    }

    @Test
    void theSameEventIdsInOppositeOrdersEndInARetryableError() {
        NewEvent one = NewEvent.of(new Noted("one"));
        NewEvent two = NewEvent.of(new Noted("two"));
        Stream<StreamId> streams = Stream.generate(Noted::newStream);
        List<StreamId> fresh = streams.limit(4).toList();

        CountDownLatch bothWrote = new CountDownLatch(2);
        CompletableFuture<Void> oneTwo = inTransaction(() -> {
            store.append(AppendRequest.of(fresh.get(0), ExpectedVersion.any(), List.of(one)));
            meet(bothWrote);
            store.append(AppendRequest.of(fresh.get(1), ExpectedVersion.any(), List.of(two)));
        });
        CompletableFuture<Void> twoOne = inTransaction(() -> {
            store.append(AppendRequest.of(fresh.get(2), ExpectedVersion.any(), List.of(two)));
            meet(bothWrote);
            store.append(AppendRequest.of(fresh.get(3), ExpectedVersion.any(), List.of(one)));
        });

        assertThat(Stream.of(oneTwo, twoOne).map(StreamRulesTest::failureOf).toList())
                .anySatisfy(failure -> assertThat(failure).isInstanceOf(TransientStoreException.class));
    }

    /** Some 35,000 locks once filled the lock table and broke other people's sessions. */
    @Test
    void locksOfOneAppendAreCapped() {
        transaction.executeWithoutResult(status -> {
            store.appendAll(IntStream.range(0, 5_000)
                    .mapToObj(i -> Noted.to(Noted.newStream()))
                    .toList());
            assertThat(locksOfThisSession()).isLessThanOrEqualTo(3);
        });
    }

    @Test
    void locksOfManyAppendsInOneTransactionAreCapped() {
        transaction.executeWithoutResult(status -> {
            repeat(2_000, () -> store.append(Noted.to(Noted.newStream())));
            assertThat(locksOfThisSession()).isLessThanOrEqualTo(260);
        });
    }

    /** Each tenant has a key of its own to lock, so a transaction for ever more tenants has to end somewhere. */
    @Test
    void locksOfATransactionForManyTenantsAreCapped() {
        assertThatExceptionOfType(EventStoreRefusedException.class)
                .isThrownBy(() -> transaction.executeWithoutResult(status -> {
                    for (int tenant = 0; tenant < 4_000; tenant++) {
                        store.append(Noted.to(Noted.newStream().inTenant(TenantId.of("many-" + tenant))));
                    }
                }))
                .withMessageContainingAll("54000", "so many tenants", "Split it into smaller ones");
    }

    /** Counted by calls, two imports into a stream each would both want their tenant for themselves, and deadlock. */
    @Test
    void aStreamIsCountedOnceHoweverOftenATransactionAppendsToIt() {
        CountDownLatch bothHoldTheirStream = new CountDownLatch(2);
        Runnable appendOften = () -> {
            StreamId stream = Noted.newStream();
            store.append(Noted.to(stream));
            meet(bothHoldTheirStream);
            repeat(600, () -> store.append(Noted.to(stream)));
        };

        CompletableFuture.allOf(inTransaction(appendOften), inTransaction(appendOften))
                .join();
    }

    /** LOCK TABLE would be no fallback: an append that has checked already holds nothing that it conflicts with. */
    @Test
    void fallbackForManyStreamsExcludesAnAppendThatHasChecked() {
        StreamId contested = Noted.newStream();
        List<AppendRequest> many = Stream.concat(
                        Stream.of(AppendRequest.of(contested, ExpectedVersion.noStream(), new Noted("many"))),
                        Stream.generate(() -> Noted.to(Noted.newStream())).limit(300))
                .toList();

        CompletableFuture<List<AppendResult>> waiting = transaction.execute(status -> {
            store.append(AppendRequest.of(contested, ExpectedVersion.noStream(), new Noted("one")));
            CompletableFuture<List<AppendResult>> started = CompletableFuture.supplyAsync(() -> store.appendAll(many));
            Sql.awaitLockWait(admin, "advisory");
            return started;
        });

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(waiting::join)
                .withCauseInstanceOf(VersionConflictException.class);
        assertThat(store.load(contested).toList()).hasSize(1);
    }

    @Test
    void everyAppendRegistersBeforeItDrawsAPosition() {
        transaction.executeWithoutResult(status -> {
            AppendResult result = store.append(Noted.to(Noted.newStream()));
            assertThat(registeredKeys())
                    .singleElement()
                    .satisfies(key ->
                            assertThat(key).isLessThan(result.positions().get(0).value()));
        });
    }

    @Test
    void anAppendOfSeveralEventsRegistersToo() {
        transaction.executeWithoutResult(status -> {
            AppendResult result = store.appendAll(List.of(
                            AppendRequest.of(Noted.newStream(), ExpectedVersion.any(), new Noted("1"), new Noted("2")),
                            Noted.to(Noted.newStream())))
                    .get(0);
            assertThat(registeredKeys())
                    .singleElement()
                    .satisfies(key ->
                            assertThat(key).isLessThan(result.positions().get(0).value()));
        });
    }

    @Test
    void aDeletionLeavesNoSnapshotBehind() {
        StreamId stream = Noted.newStream();
        PostgresEventStore withSnapshots = new PostgresEventStore(
                dataSource,
                EventSerialization.builder(EventTypes.of(Noted.class))
                        .snapshotType(new VersionedType("text", 1), String.class)
                        .build());
        store.append(Noted.to(stream));

        CompletableFuture<Void> saving = transaction.execute(status -> {
            store.delete(stream);
            CompletableFuture<Void> started = CompletableFuture.runAsync(
                    () -> withSnapshots.save(new Snapshot<>(stream, StreamVersion.FIRST, "state")));
            Sql.awaitLockWait(admin, "advisory");
            return started;
        });

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(saving::join)
                .withCauseInstanceOf(StreamDeletedException.class);
        assertThat(Sql.number(admin, "select count(*) from eventsourcing.snapshot where stream_id = ?", stream.id()))
                .isZero();
    }

    @Test
    void aRecordedRequestBesideANewOneWritesItsTagsOnce() {
        AppendRequest recorded = tagged(Noted.newStream());
        AppendRequest added = tagged(Noted.newStream());
        store.append(recorded);

        List<AppendResult> results = store.appendAll(List.of(recorded, added));

        assertThat(results).extracting(AppendResult::alreadyRecorded).containsExactly(true, false);
        assertThat(Sql.number(
                        admin,
                        "select count(*) from eventsourcing.event_tag where position in (?, ?)",
                        results.get(0).positions().get(0).value(),
                        results.get(1).positions().get(0).value()))
                .isEqualTo(2);
    }

    private static AppendRequest tagged(StreamId stream) {
        return AppendRequest.of(
                stream, ExpectedVersion.any(), NewEvent.of(new Noted("tagged")).withTags(Tag.of("k", "v")));
    }

    @Test
    void timeDoesNotRunBackwardsWithinAStream() {
        StreamId stream = Noted.newStream();
        AppendRequest two = AppendRequest.of(stream, ExpectedVersion.any(), new Noted("3"), new Noted("4"));

        CompletableFuture<AppendResult> waiting = transaction.execute(status -> {
            store.append(Noted.to(stream));
            CompletableFuture<AppendResult> started = CompletableFuture.supplyAsync(() -> store.append(two));
            Sql.awaitLockWait(admin, "advisory");
            store.append(Noted.to(stream));
            return started;
        });
        waiting.join();

        assertThat(store.load(stream).stream().map(RecordedEvent::recordedAt))
                .hasSize(4)
                .isSorted();
    }

    /** A rollback to a savepoint releases the lock: a registration that is remembered across it would be lost. */
    @Test
    void registrationIsTakenAgainAfterARollbackToASavepoint() {
        transaction.executeWithoutResult(status -> {
            Object savepoint = status.createSavepoint();
            store.append(Noted.to(Noted.newStream()));
            status.rollbackToSavepoint(savepoint);
            assertThat(registeredKeys()).isEmpty();

            AppendResult result = store.append(Noted.to(Noted.newStream()));
            assertThat(registeredKeys())
                    .singleElement()
                    .satisfies(key ->
                            assertThat(key).isLessThan(result.positions().get(0).value()));
        });
    }

    @Test
    void registrationFromBeforeASavepointStaysAfterARollbackToIt() {
        transaction.executeWithoutResult(status -> {
            store.append(Noted.to(Noted.newStream()));
            List<Long> registered = registeredKeys();
            Object savepoint = status.createSavepoint();
            store.append(Noted.to(Noted.newStream()));
            status.rollbackToSavepoint(savepoint);

            assertThat(registeredKeys()).isEqualTo(registered);
        });
    }

    @Test
    void migrationDrawsOnePosition() {
        EventStoreSchema fresh = new EventStoreSchema(dataSource, "fresh").migrate();

        assertThat(Sql.number(dataSource, "select pg_sequence_last_value('fresh.event_position_seq')"))
                .isEqualTo(1);
        AppendResult first = new PostgresEventStore(dataSource, Noted.SERIALIZATION, fresh.name())
                .append(Noted.to(Noted.newStream()));
        assertThat(first.positions().get(0).value()).isEqualTo(2);
    }

    /** Two stores with one key space would wait for each other's streams, and hold back each other's readers. */
    @Test
    void storesInOneDatabaseShareNoLock() {
        EventStoreSchema other = new EventStoreSchema(dataSource, "other").migrate();
        PostgresEventStore otherStore = new PostgresEventStore(dataSource, Noted.SERIALIZATION, other.name());
        StreamId stream = Noted.newStream();

        transaction.executeWithoutResult(status -> {
            store.appendAll(Stream.generate(() -> Noted.to(Noted.newStream()))
                    .limit(300)
                    .toList());
            store.append(Noted.to(stream));
            CompletableFuture.supplyAsync(() -> otherStore.append(Noted.to(stream)))
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
            otherStore.append(Noted.to(stream));
            assertThat(Sql.texts(
                            DataSourceUtils.getConnection(dataSource),
                            "select distinct classid from pg_locks where locktype = 'advisory' and objsubid = 2"
                                    + " and pid = pg_backend_pid()"))
                    .hasSize(2);
        });

        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(1));
        assertThat(otherStore.currentVersion(stream)).isEqualTo(StreamVersion.of(2));
    }

    @Test
    void commitIsDurableEvenIfTheSessionTurnedThatOff() {
        transaction.executeWithoutResult(status -> {
            Connection connection = DataSourceUtils.getConnection(dataSource);
            Sql.execute(connection, "set local synchronous_commit = off");

            store.append(Noted.to(Noted.newStream()));

            assertThat(Sql.texts(connection, "show synchronous_commit")).containsExactly("local");
        });
    }

    @Test
    void appendSendsNoNotification() {
        String function = Sql.texts(
                        dataSource,
                        "select string_agg(pg_get_functiondef(oid), '') from pg_proc where pronamespace = 'eventsourcing'::regnamespace")
                .get(0);

        assertThat(function).doesNotContainIgnoringCase("notify");
        assertThat(Sql.texts(dataSource, "select tgname from pg_trigger where not tgisinternal"))
                .isEmpty();
    }

    private void deadlock(Runnable first, Runnable second) {
        CountDownLatch bothWrote = new CountDownLatch(2);
        CompletableFuture<Void> forward = inTransaction(() -> {
            first.run();
            meet(bothWrote);
            second.run();
        });
        CompletableFuture<Void> backward = inTransaction(() -> {
            second.run();
            meet(bothWrote);
            first.run();
        });
        List<Throwable> failures = Stream.of(forward, backward)
                .map(StreamRulesTest::failureOf)
                .filter(failure -> failure != null)
                .toList();
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(TransientStoreException.class)
                        .hasMessageContaining("40P01")
                        .hasMessageContaining("Retry the whole transaction")
                        .hasMessageContaining("appendAll"));
    }

    private CompletableFuture<Void> inTransaction(Runnable work) {
        return CompletableFuture.runAsync(() -> transaction.executeWithoutResult(status -> work.run()));
    }

    private static Throwable failureOf(CompletableFuture<Void> future) {
        return future.handle((done, failure) -> failure == null ? null : failure.getCause())
                .join();
    }

    private static void meet(CountDownLatch latch) {
        latch.countDown();
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void repeat(int times, Runnable work) {
        for (int i = 0; i < times; i++) {
            work.run();
        }
    }

    private long locksOfThisSession() {
        return Long.parseLong(Sql.texts(DataSourceUtils.getConnection(dataSource), ADVISORY_LOCKS_OF_THIS_SESSION)
                .get(0));
    }

    private List<Long> registeredKeys() {
        return Sql.texts(
                        DataSourceUtils.getConnection(dataSource),
                        "select objid::bigint from pg_locks where locktype = 'advisory' and objsubid = 2"
                                + " and pid = pg_backend_pid() and mode = 'ShareLock'"
                                + " and classid = 'eventsourcing.event_position_seq'::regclass")
                .stream()
                .map(Long::valueOf)
                .toList();
    }
}
