package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendOutcomeUnknownException;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.DuplicateEventIdException;
import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** Appends that arrive together share a commit, and nothing else: each gets its own answer, and none waits for another's lock. */
class GroupAppendTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();
    private final DataSource admin = postgres.database().adminDataSource();
    private final GatedDataSource gate = new GatedDataSource(dataSource);
    private final DataSource cutOff = new DelegatingDataSource(dataSource) {
        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            terminate(connection);
            return connection;
        }
    };
    private final PostgresEventStore gated = Noted.sharingStore(gate);
    private final PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final TransactionTemplate transaction =
            new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    private final ConcurrentAppends behindTheGate = new ConcurrentAppends(gated);
    private final ConcurrentAppends appends = new ConcurrentAppends(store);

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @AfterEach
    void openTheGate() {
        gate.open();
    }

    @Test
    void appendsThatArriveTogetherShareACommit() {
        CompletableFuture<AppendResult> first = startAhead(behindTheGate);
        List<StreamId> streams = Stream.generate(Noted::newStream).limit(5).toList();
        List<CompletableFuture<AppendResult>> others =
                behindTheGate.startBehind(streams.stream().map(Noted::to));

        gate.open();

        assertThat(first.join().version()).isEqualTo(StreamVersion.of(1));
        assertThat(others).allSatisfy(other -> assertIsRecorded(other.join()));
        assertThat(streams).extracting(this::transactionOf).containsOnly(transactionOf(streams.get(0)));
        assertThat(transactionOf(first.join().stream())).isNotEqualTo(transactionOf(streams.get(0)));
        assertThat(others.stream().map(other -> other.join().positions().get(0)))
                .doesNotHaveDuplicates();
    }

    @Test
    void eachMemberOfAGroupGetsItsOwnAnswer() {
        StreamId existing = written();
        StreamId moved = written();
        StreamId archived = written();
        store.archive(archived);
        StreamId deleted = written();
        store.delete(deleted);
        NewEvent recorded = NewEvent.of(new Noted("recorded"));
        StreamId repeated = Noted.newStream();
        AppendRequest retry = AppendRequest.of(repeated, ExpectedVersion.any(), recorded);
        AppendResult before = store.append(retry);
        StreamId tagged = Noted.newStream();

        List<CompletableFuture<AppendResult>> group = group(
                AppendRequest.of(existing, ExpectedVersion.streamExists(), new Noted("2"), new Noted("3")),
                AppendRequest.of(moved, ExpectedVersion.noStream(), new Noted("late")),
                Noted.to(archived),
                Noted.to(deleted),
                retry,
                AppendRequest.of(Noted.newStream(), ExpectedVersion.any(), recorded),
                AppendRequest.of(
                        tagged,
                        ExpectedVersion.noStream(),
                        NewEvent.of(new Noted("x")).withTags(Tag.of("k", "v"))),
                AppendRequest.of(Noted.newStream(), ExpectedVersion.streamExists(), new Noted("early")));

        assertThat(group.get(0).join().version()).isEqualTo(StreamVersion.of(3));
        assertIsRecorded(group.get(0).join());
        assertThatFailure(group.get(1), VersionConflictException.class)
                .withMessageContaining("is at version 1, but the append expected no stream");
        assertThatFailure(group.get(2), StreamArchivedException.class);
        assertThatFailure(group.get(3), StreamDeletedException.class);
        assertThat(group.get(4).join().alreadyRecorded()).isTrue();
        assertThat(group.get(4).join().positions()).isEqualTo(before.positions());
        assertThatFailure(group.get(5), DuplicateEventIdException.class).withMessageContaining(repeated.toString());
        assertIsRecorded(group.get(6).join());
        assertThat(taggedPositions("k:v"))
                .contains(group.get(6).join().positions().get(0).value());
        assertThatFailure(group.get(7), VersionConflictException.class);
        assertThat(transactionOf(existing)).containsAll(transactionOf(tagged));
    }

    /** One bad payload once failed a whole group. */
    @Test
    void aMemberThatPostgresRefusesFailsAlone() {
        Sql.execute(
                dataSource,
                "alter table eventsourcing.event add constraint no_evil check (payload::text !~ 'evil') not valid");
        try {
            List<CompletableFuture<AppendResult>> group = group(
                    Noted.to(Noted.newStream()),
                    AppendRequest.of(Noted.newStream(), ExpectedVersion.any(), new Noted("evil")),
                    Noted.to(Noted.newStream()));

            assertThatFailure(group.get(1), EventStoreRefusedException.class).withMessageContaining("23514");
            assertIsRecorded(group.get(0).join());
            assertIsRecorded(group.get(2).join());
        } finally {
            Sql.execute(dataSource, "alter table eventsourcing.event drop constraint no_evil");
        }
    }

    @Test
    void aLockedStreamDoesNotHoldUpTheOthers() {
        StreamId locked = Noted.newStream();

        List<CompletableFuture<AppendResult>> group = transaction.execute(status -> {
            store.append(Noted.to(locked));
            List<CompletableFuture<AppendResult>> started = group(Noted.to(locked), Noted.to(Noted.newStream()));
            started.get(1).orTimeout(20, TimeUnit.SECONDS).join();
            assertThat(started.get(0)).isNotDone();
            return started;
        });

        assertThat(group.get(0).join().version()).isEqualTo(StreamVersion.of(2));
    }

    /** Who waits for the lock must not be waited for by the others: the database could not see such a deadlock. */
    @Test
    void aTransactionMayWaitForAppendsOfOtherThreads() {
        StreamId locked = Noted.newStream();

        CompletableFuture<AppendResult> waiting = transaction.execute(status -> {
            store.append(Noted.to(locked));
            CompletableFuture<AppendResult> behind =
                    appends.start(AppendRequest.of(locked, ExpectedVersion.exactly(1), new Noted("behind")));
            Sql.awaitLockWait(admin, "advisory");
            CompletableFuture.allOf(
                            appends.start(Noted.to(Noted.newStream())),
                            appends.start(
                                    AppendRequest.of(Noted.newStream(), ExpectedVersion.noStream(), new Noted("x"))))
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
            return behind;
        });

        assertThat(waiting.join().version()).isEqualTo(StreamVersion.of(2));
    }

    @Test
    void aGroupIsOfOneTenant() {
        StreamId a1 = Noted.newStream().inTenant(TenantId.of("a"));
        StreamId a2 = Noted.newStream().inTenant(TenantId.of("a"));
        StreamId b1 = Noted.newStream().inTenant(TenantId.of("b"));
        StreamId b2 = Noted.newStream().inTenant(TenantId.of("b"));
        List<CompletableFuture<AppendResult>> first = Stream.of("a", "b")
                .map(tenant -> behindTheGate.start(Noted.to(Noted.newStream().inTenant(TenantId.of(tenant)))))
                .toList();
        gate.awaitWaiting(2);

        List<CompletableFuture<AppendResult>> others =
                behindTheGate.startBehind(Stream.of(a1, b1, a2, b2).map(Noted::to));
        gate.open();

        Stream.concat(first.stream(), others.stream()).forEach(append -> assertIsRecorded(append.join()));
        assertThat(transactionOf(a1)).isEqualTo(transactionOf(a2)).isNotEqualTo(transactionOf(b1));
        assertThat(transactionOf(b1)).isEqualTo(transactionOf(b2));
    }

    @Test
    void aGroupHasOneRequestForEachStream() {
        StreamId stream = Noted.newStream();

        List<CompletableFuture<AppendResult>> group =
                group(Noted.to(stream), Noted.to(stream), Noted.to(Noted.newStream()), Noted.to(stream));

        assertThat(group).allSatisfy(append -> assertIsRecorded(append.join()));
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(3));
    }

    /** The event ids make it safe: otherwise whatever befell one thread would befall all. */
    @Test
    void whenTheConnectionIsLostEachMemberRepeatsForItself() {
        ConcurrentAppends cut =
                new ConcurrentAppends(Noted.sharingStore(new ConnectionsInTurn(gate, cutOff, dataSource)));
        CompletableFuture<AppendResult> ahead = startAhead(cut);
        List<CompletableFuture<AppendResult>> group = cut.startBehind(
                Stream.generate(() -> Noted.to(Noted.newStream())).limit(3));

        gate.open();
        assertIsRecorded(ahead.join());
        awaitAll(group);

        Map<Boolean, List<CompletableFuture<AppendResult>>> byFailure =
                group.stream().collect(Collectors.partitioningBy(CompletableFuture::isCompletedExceptionally));
        assertThat(byFailure.get(true))
                .singleElement()
                .satisfies(leader -> assertThatFailure(leader, AppendOutcomeUnknownException.class));
        assertThat(byFailure.get(false)).hasSize(2).allSatisfy(append -> {
            assertIsRecorded(append.join());
            assertThat(append.join().alreadyRecorded()).isFalse();
        });
    }

    @Test
    void whenTheyCannotRepeatEachMemberIsToldThatItsOwnOutcomeIsUnknown() {
        ConcurrentAppends cut = new ConcurrentAppends(Noted.sharingStore(new ConnectionsInTurn(gate, cutOff)));
        CompletableFuture<AppendResult> ahead = startAhead(cut);
        List<StreamId> streams = List.of(Noted.newStream(), Noted.newStream());
        List<CompletableFuture<AppendResult>> group =
                cut.startBehind(streams.stream().map(Noted::to));

        gate.open();

        assertIsRecorded(ahead.join());

        for (int i = 0; i < 2; i++) {
            assertThatFailure(group.get(i), AppendOutcomeUnknownException.class)
                    .withMessageContaining(streams.get(i).toString())
                    .withMessageNotContaining(streams.get(1 - i).toString());
        }
    }

    private static void awaitAll(List<CompletableFuture<AppendResult>> appends) {
        CompletableFuture.allOf(appends.toArray(CompletableFuture<?>[]::new))
                .exceptionally(failure -> null)
                .join();
    }

    private void terminate(Connection connection) {
        Sql.texts(
                admin,
                "select pg_terminate_backend(?::int, 10000)",
                Sql.texts(connection, "select pg_backend_pid()").get(0));
    }

    /** A hash join that spills delivers its rows in another order, and gave versions to the wrong streams. */
    @Test
    void versionsBelongToTheirStreamsHoweverTheLookUpIsPlanned() throws SQLException {
        List<StreamId> streams = new ArrayList<>();
        for (int version = 1; version <= 8; version++) {
            StreamId stream = written();
            for (int i = 1; i < version; i++) {
                store.append(Noted.to(stream));
            }
            streams.add(stream);
        }
        try (Connection connection = dataSource.getConnection()) {
            Sql.execute(connection, "set work_mem = '64kB'");
            closeStreams(600);
            assertThat(latestVersions(connection, streams)).isEqualTo("{1,2,3,4,5,6,7,8}");
            closeStreams(4_000);
            for (int round = 0; round < 3; round++) {
                assertThat(latestVersions(connection, streams)).isEqualTo("{1,2,3,4,5,6,7,8}");
            }
        }
    }

    private void closeStreams(int count) {
        Sql.execute(
                admin,
                "insert into eventsourcing.closed_stream select 'default', 'noted', gen_random_uuid()::text || i, 'archived', 1,"
                        + " now() from generate_series(1, " + count + ") i");
        if (count < 1_000) {
            Sql.execute(admin, "analyze eventsourcing.closed_stream");
        }
    }

    /** What append_group finds, of which nothing stays. */
    private static String latestVersions(Connection connection, List<StreamId> streams) throws SQLException {
        connection.setAutoCommit(false);
        String ids = streams.stream().map(StreamId::id).collect(Collectors.joining(","));
        String found = Sql.texts(
                        connection,
                        "select latest::text from eventsourcing.append_group('default', array_fill('note'::text, '{8}'), ?::text[],"
                                + " array_fill(-1::bigint, '{8}'), '{1,2,3,4,5,6,7,8}', array_fill(1, '{8}'),"
                                + " array(select gen_random_uuid() from generate_series(1, 8)), array_fill('noted'::text, '{8}'),"
                                + " array_fill(1, '{8}'), array_fill('{}'::text, '{8}'), array_fill(null::text, '{8}'),"
                                + " array_fill('{}'::text, '{8}'), array_fill(''::text, '{8}'))",
                        "{" + ids + "}")
                .get(0);
        connection.rollback();
        return found;
    }

    @Test
    void whatManyThreadsAppendAtOnceIsThereAsItWasAcknowledged() {
        long seed = Long.getLong("es.seed", System.nanoTime());
        System.out.println("whatManyThreadsAppendAtOnceIsThereAsItWasAcknowledged: -Des.seed=" + seed);
        List<StreamId> shared = Stream.generate(Noted::newStream).limit(20).toList();

        List<CompletableFuture<List<AppendResult>>> writers = IntStream.range(0, 16)
                .mapToObj(thread -> CompletableFuture.supplyAsync(
                        () -> appendAtRandom(new Random(seed + thread), shared), task -> new Thread(task).start()))
                .toList();
        List<AppendResult> acknowledged =
                writers.stream().flatMap(writer -> writer.join().stream()).toList();

        for (StreamId stream : shared) {
            List<RecordedEvent> events = store.load(stream).toList();
            assertThat(events.stream().map(event -> event.version().value()))
                    .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
            assertThat(events.stream().map(RecordedEvent::position)).isSorted();
            List<AppendResult> ofStream = acknowledged.stream()
                    .filter(result -> result.stream().equals(stream))
                    .toList();
            assertThat(ofStream.stream().flatMap(result -> result.positions().stream()))
                    .containsExactlyInAnyOrderElementsOf(
                            events.stream().map(RecordedEvent::position).toList());
            ofStream.forEach(this::assertIsRecorded);
        }
    }

    private List<AppendResult> appendAtRandom(Random random, List<StreamId> streams) {
        List<AppendResult> results = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            StreamId stream = streams.get(random.nextInt(streams.size()));
            ExpectedVersion expected =
                    random.nextBoolean() ? ExpectedVersion.any() : ExpectedVersion.exactly(random.nextInt(30));
            List<NewEvent> events = IntStream.rangeClosed(0, random.nextInt(3))
                    .mapToObj(n -> NewEvent.of(new Noted("n" + n)))
                    .toList();
            try {
                results.add(store.append(AppendRequest.of(stream, expected, events)));
            } catch (VersionConflictException e) {
                // nothing was written, which the events that are there show
            }
        }
        return results;
    }

    private CompletableFuture<AppendResult> startAhead(ConcurrentAppends appends) {
        CompletableFuture<AppendResult> ahead = appends.start(Noted.to(Noted.newStream()));
        gate.awaitWaiting(1);
        return ahead;
    }

    /** Appends that are written as one group, behind one that went ahead. */
    private List<CompletableFuture<AppendResult>> group(AppendRequest... requests) {
        CompletableFuture<AppendResult> ahead = startAhead(behindTheGate);
        List<CompletableFuture<AppendResult>> group = behindTheGate.startBehind(Stream.of(requests));
        gate.open();
        assertIsRecorded(ahead.join());
        return group;
    }

    private StreamId written() {
        StreamId stream = Noted.newStream();
        store.append(Noted.to(stream));
        return stream;
    }

    private void assertIsRecorded(AppendResult result) {
        long last = result.version().value();
        assertThat(store
                        .load(
                                result.stream(),
                                StreamVersion.of(last - result.positions().size() + 1))
                        .stream()
                        .limit(result.positions().size())
                        .map(RecordedEvent::position))
                .isEqualTo(result.positions());
    }

    private static <E extends Throwable> ThrowableAssertAlternative<?> assertThatFailure(
            CompletableFuture<AppendResult> append, Class<E> type) {
        return assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(append::join)
                .withCauseInstanceOf(type);
    }

    /** The transactions that wrote a stream's events. */
    private List<String> transactionOf(StreamId stream) {
        return transaction.execute(status -> {
            Sql.execute(
                    DataSourceUtils.getConnection(dataSource),
                    "set local eventsourcing.tenant = '" + stream.tenant() + "'");
            return Sql.texts(
                    DataSourceUtils.getConnection(dataSource),
                    "select distinct xmin::text from eventsourcing.event where stream_id = ?",
                    stream.id());
        });
    }

    private List<Long> taggedPositions(String tag) {
        return Sql.texts(admin, "select position from eventsourcing.event_tag where tag = ?", tag).stream()
                .map(Long::valueOf)
                .toList();
    }
}
