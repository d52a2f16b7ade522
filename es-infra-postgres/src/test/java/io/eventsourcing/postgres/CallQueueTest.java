package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Whatever becomes of the thread that writes a group, and of its connection, nobody who waits behind it waits for long. */
class CallQueueTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final DataSource NONE_LEFT = new AbstractDataSource() {
        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("none left", "08001");
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }
    };

    private final DataSource dataSource = postgres.database().dataSource();
    private final PostgresEventStore observer = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final GatedDataSource gate = new GatedDataSource(dataSource);
    private final GatedDataSource secondGate = new GatedDataSource(dataSource);

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @AfterEach
    void openTheGates() {
        gate.open();
        secondGate.open();
    }

    private static ConcurrentAppends appendsOn(DataSource dataSource) {
        return new ConcurrentAppends(Noted.sharingStore(dataSource));
    }

    private static Stream<AppendRequest> requests(int count) {
        return Stream.generate(() -> Noted.to(Noted.newStream())).limit(count);
    }

    /** Each would wait as long as the pool lets one wait, after all those before him. */
    @Test
    void whereThereIsNoConnectionTheWaitsDoNotAddUp() {
        ConcurrentAppends appends = appendsOn(new ConnectionsInTurn(gate, secondGate));
        CompletableFuture<AppendResult> first = appends.start(Noted.to(Noted.newStream()));
        gate.awaitWaiting(1);
        List<CompletableFuture<AppendResult>> others = appends.startBehind(requests(3));

        appends.thread(0).interrupt();

        assertThatUnavailable(first);
        secondGate.awaitWaiting(3);
        secondGate.open();
        assertThat(others).allSatisfy(append -> assertIsRecorded(append.join()));
    }

    @Test
    void onlyTheThreadThatGetsNoConnectionFails() {
        ConcurrentAppends appends = appendsOn(new ConnectionsInTurn(gate, NONE_LEFT, dataSource));
        CompletableFuture<AppendResult> first = appends.start(Noted.to(Noted.newStream()));
        gate.awaitWaiting(1);
        List<CompletableFuture<AppendResult>> group = appends.startBehind(requests(3));

        gate.open();

        assertIsRecorded(first.join());
        CompletableFuture.allOf(group.toArray(CompletableFuture<?>[]::new))
                .exceptionally(failure -> null)
                .join();
        Map<Boolean, List<CompletableFuture<AppendResult>>> byFailure =
                group.stream().collect(Collectors.partitioningBy(CompletableFuture::isCompletedExceptionally));
        assertThat(byFailure.get(true)).singleElement().satisfies(CallQueueTest::assertThatUnavailable);
        assertThat(byFailure.get(false)).allSatisfy(append -> assertIsRecorded(append.join()));
    }

    @Test
    void anErrorOfTheThreadThatWritesIsItsOwn() {
        DataSource broken = new DelegatingDataSource(dataSource) {
            @Override
            public Connection getConnection() {
                throw new StackOverflowError("of the leader");
            }
        };
        ConcurrentAppends appends = appendsOn(new ConnectionsInTurn(gate, broken, dataSource));
        CompletableFuture<AppendResult> ahead = appends.start(Noted.to(Noted.newStream()));
        gate.awaitWaiting(1);
        List<CompletableFuture<AppendResult>> group = appends.startBehind(requests(3));

        gate.open();

        assertIsRecorded(ahead.join());
        // sooner than anybody's patience ends
        Awaitility.await()
                .atMost(Duration.ofSeconds(4))
                .until(() -> group.stream().allMatch(CompletableFuture::isDone));
        Map<Boolean, List<CompletableFuture<AppendResult>>> byFailure =
                group.stream().collect(Collectors.partitioningBy(CompletableFuture::isCompletedExceptionally));
        assertThat(byFailure.get(true))
                .singleElement()
                .satisfies(leader -> assertThatExceptionOfType(CompletionException.class)
                        .isThrownBy(leader::join)
                        .withCauseInstanceOf(StackOverflowError.class));
        assertThat(byFailure.get(false)).allSatisfy(append -> assertIsRecorded(append.join()));
    }

    @Test
    void everybodyIsToldThatThereIsNoConnection() {
        ConcurrentAppends appends = appendsOn(new DelegatingDataSource(gate) {
            @Override
            public Connection getConnection() throws SQLException {
                super.getConnection().close();
                return NONE_LEFT.getConnection();
            }
        });
        CompletableFuture<AppendResult> first = appends.start(Noted.to(Noted.newStream()));
        gate.awaitWaiting(1);
        List<CompletableFuture<AppendResult>> others = appends.startBehind(requests(2));

        gate.open();

        assertThatUnavailable(first);
        assertThat(others).allSatisfy(CallQueueTest::assertThatUnavailable);
    }

    @Test
    void aConnectionThatNeverAnswersHoldsTheOthersUpForAMomentOnly() {
        ConcurrentAppends appends = appendsOn(new ConnectionsInTurn(gate, dataSource));
        CompletableFuture<AppendResult> hung = appends.start(Noted.to(Noted.newStream()));
        gate.awaitWaiting(1);

        List<CompletableFuture<AppendResult>> others =
                requests(3).map(appends::start).toList();

        assertThat(others)
                .allSatisfy(append ->
                        assertIsRecorded(append.orTimeout(20, TimeUnit.SECONDS).join()));
        // who comes later does not wait at all
        assertIsRecorded(appends.start(Noted.to(Noted.newStream()))
                .orTimeout(4, TimeUnit.SECONDS)
                .join());
        assertThat(hung).isNotDone();
    }

    /** It may be written by its group and on its own at the same time. */
    @Test
    void whoGivesUpWaitingForItsGroupIsWrittenOnce() {
        ConcurrentAppends appends = appendsOn(new ConnectionsInTurn(gate, secondGate, dataSource));
        CompletableFuture<AppendResult> ahead = appends.start(Noted.to(Noted.newStream()));
        gate.awaitWaiting(1);
        List<StreamId> streams = Stream.generate(Noted::newStream).limit(3).toList();
        List<CompletableFuture<AppendResult>> group =
                appends.startBehind(streams.stream().map(Noted::to));
        gate.open();
        assertIsRecorded(ahead.join());
        secondGate.awaitWaiting(1);

        Awaitility.await()
                .until(() -> group.stream().filter(CompletableFuture::isDone).count() == 2);
        secondGate.open();

        assertThat(group).allSatisfy(append -> assertIsRecorded(append.join()));
        assertThat(streams)
                .allSatisfy(
                        stream -> assertThat(observer.currentVersion(stream)).isEqualTo(StreamVersion.FIRST));
    }

    @Test
    void whoIsInterruptedWhileWaitingIsWrittenAndStaysInterrupted() {
        PostgresEventStore store = Noted.sharingStore(gate);
        CompletableFuture<AppendResult> ahead = new ConcurrentAppends(store).start(Noted.to(Noted.newStream()));
        gate.awaitWaiting(1);
        StreamId stream = Noted.newStream();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            store.append(Noted.to(stream));
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        CompletableFuture<AppendResult> leader = new ConcurrentAppends(store)
                .startBehind(Stream.of(Noted.to(Noted.newStream())))
                .get(0);
        waiting.start();
        Awaitility.await().until(() -> ConcurrentAppends.waits(waiting));

        waiting.interrupt();
        gate.open();

        assertThat(interrupted.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
        assertThat(observer.exists(stream)).isTrue();
        assertIsRecorded(ahead.join());
        assertIsRecorded(leader.join());
    }

    /** A worker that joins a future runs other tasks meanwhile: an append once stood for ever upon the one it waited for. */
    @Test
    void aWorkerThatWaitsForItsGroupRunsNoOtherAppendMeanwhile() {
        PostgresEventStore store = Noted.sharingStore(gate);
        CompletableFuture<AppendResult> ahead = new ConcurrentAppends(store).start(Noted.to(Noted.newStream()));
        gate.awaitWaiting(1);
        ForkJoinPool workers = new ForkJoinPool(1);
        try {
            List<CompletableFuture<AppendResult>> nested = new CopyOnWriteArrayList<>();
            List<Thread> worker = new CopyOnWriteArrayList<>();
            CompletableFuture<AppendResult> outer = CompletableFuture.supplyAsync(
                    () -> {
                        nested.add(CompletableFuture.supplyAsync(
                                () -> store.append(Noted.to(Noted.newStream())), workers));
                        worker.add(Thread.currentThread());
                        return store.append(Noted.to(Noted.newStream()));
                    },
                    workers);
            Awaitility.await().until(() -> worker.size() == 1 && ConcurrentAppends.waits(worker.get(0)));
            gate.open();

            assertIsRecorded(ahead.join());
            assertIsRecorded(outer.orTimeout(20, TimeUnit.SECONDS).join());
            assertIsRecorded(nested.get(0).orTimeout(20, TimeUnit.SECONDS).join());
        } finally {
            workers.shutdownNow();
        }
    }

    /** One that was about to lead a group took those who had come meanwhile instead: its group waited until its patience ended. */
    @Test
    void everyCallIsWrittenOnceAndNoStreamInTwoGroupsAtTheSameTime() throws Exception {
        int threads = 32;
        int callsOfEach = 5_000;
        List<StreamId> streams = Stream.generate(Noted::newStream).limit(100).toList();
        Set<StreamId> beingWritten = ConcurrentHashMap.newKeySet();
        AtomicInteger written = new AtomicInteger();
        AtomicInteger writtenTwiceAtOnce = new AtomicInteger();
        CallQueue<SharedLoad, StreamPage> queue = new CallQueue<>("Calls", group -> {
            List<StreamId> mine = group.stream().map(SharedLoad::stream).toList();
            mine.forEach(stream -> writtenTwiceAtOnce.addAndGet(beingWritten.add(stream) ? 0 : 1));
            written.addAndGet(group.size());
            mine.forEach(beingWritten::remove);
            return mine.stream().map(stream -> Optional.of(page(stream))).toList();
        });
        Callable<Void> calls = () -> {
            for (int i = 0; i < callsOfEach; i++) {
                StreamId stream = streams.get(ThreadLocalRandom.current().nextInt(streams.size()));
                StreamPage answer = queue.write(new SharedLoad(stream)).resultOr(() -> {
                    throw new AssertionError("Not written with its group.");
                });
                assertThat(answer.stream()).isEqualTo(stream);
            }
            return null;
        };
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> call : callers.invokeAll(Collections.nCopies(threads, calls))) {
                call.get();
            }
        } finally {
            callers.shutdownNow();
        }

        assertThat(written).hasValue(threads * callsOfEach);
        assertThat(writtenTwiceAtOnce).hasValue(0);
    }

    private static StreamPage page(StreamId stream) {
        return new StreamPage(stream, StreamVersion.NONE, null, List.of());
    }

    private static void assertThatUnavailable(CompletableFuture<AppendResult> append) {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(append::join)
                .withCauseInstanceOf(EventStoreUnavailableException.class)
                .withMessageContaining("No connection");
    }

    private void assertIsRecorded(AppendResult result) {
        assertThat(observer.load(result.stream()).toList())
                .anySatisfy(event -> assertThat(List.of(event.position())).isEqualTo(result.positions()));
    }
}
