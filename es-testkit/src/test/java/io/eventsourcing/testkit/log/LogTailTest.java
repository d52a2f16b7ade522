package io.eventsourcing.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.HighWaterMark;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.memory.InMemoryEventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One reader at the end of the log for all followers of a node. */
@Timeout(60)
class LogTailTest {

    @EventType("sent")
    record Sent(int number) {}

    @EventType("letter")
    record Letter(String text) {}

    @EventType("received")
    record Received(int number) {}

    private static final EventSerialization SERIALIZATION =
            EventSerialization.of(Sent.class, Received.class, Letter.class);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final TailSettings ONLY_WOKEN = new TailSettings(1_000, NEVER, NEVER, NEVER);

    private final InMemoryEventStore store = new InMemoryEventStore(SERIALIZATION);
    private final CountingLog log = new CountingLog(store);
    private final List<LogTail> tails = new ArrayList<>();

    /** Counts the reads, and fails for a while if told to. */
    private static final class CountingLog implements EventLogPort {

        private final EventLogPort target;
        private final AtomicInteger reads = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();

        /** Happens once, before the next read returns what it has found. */
        private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});

        CountingLog(EventLogPort target) {
            this.target = target;
        }

        @Override
        public LogPage read(LogQuery query) {
            reads.incrementAndGet();
            failIfToldTo();
            LogPage found = target.read(query);
            meanwhile.getAndSet(() -> {}).run();
            return found;
        }

        private void failIfToldTo() {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new EventStoreUnavailableException("The database is away.", new IllegalStateException());
            }
        }

        @Override
        public GlobalPosition now() {
            failIfToldTo();
            return target.now();
        }

        @Override
        public GlobalPosition before(Instant time) {
            return target.before(time);
        }

        @Override
        public HighWaterMark highWaterMark() {
            return target.highWaterMark();
        }
    }

    @AfterEach
    void closeTails() {
        tails.forEach(LogTail::close);
    }

    /** A tail that has read the log once. */
    private LogTail tail(TailSettings settings) {
        int before = log.reads.get();
        LogTail tail = new LogTail(log, SERIALIZATION, settings);
        tails.add(tail);
        Awaitility.await().until(() -> log.reads.get() > before);
        return tail;
    }

    private LogTail wokenTail() {
        LogTail tail = tail(ONLY_WOKEN);
        store.onAppend(tail::wake);
        return tail;
    }

    private GlobalPosition append(Object... events) {
        List<GlobalPosition> positions = store.append(
                        AppendRequest.of(StreamId.of("mail", "m-1"), ExpectedVersion.any(), events))
                .positions();
        return positions.get(positions.size() - 1);
    }

    private static void awaitPosition(LogTail tail, GlobalPosition position) throws InterruptedException {
        assertThat(tail.await(new GlobalPosition(position.value() - 1), NEVER)).isTrue();
    }

    private static List<GlobalPosition> positions(LogPage page) {
        return page.entries().stream().map(LogEntry::position).toList();
    }

    @Test
    void anAppendOnTheNodeWakesIt() throws InterruptedException {
        LogTail tail = wokenTail();

        GlobalPosition appended = append(new Sent(1));

        awaitPosition(tail, appended);
        assertThat(positions(tail.read(LogQuery.fromTheBeginning()))).containsExactly(appended);
    }

    @Test
    void findsByItselfWhatWakesNobody() throws InterruptedException {
        LogTail tail = tail(new TailSettings(1_000, NEVER, Duration.ofMillis(5), Duration.ofMillis(20)));

        GlobalPosition appended = append(new Sent(1));

        awaitPosition(tail, appended);
    }

    @Test
    void servesFollowersThatKeepUpWithoutReadingTheLog() throws InterruptedException {
        LogTail tail = wokenTail();
        GlobalPosition start = log.now();
        awaitPosition(tail, append(new Sent(1), new Sent(2), new Sent(3)));
        int reads = log.reads.get();

        for (int follower = 0; follower < 20; follower++) {
            LogPage page = tail.read(LogQuery.startingAfter(start));
            assertThat(page.entries()).hasSize(3);
            LogPage nothing = tail.read(LogQuery.startingAfter(page.position()));
            assertThat(nothing.entries()).isEmpty();
            assertThat(nothing.position()).isEqualTo(page.position());
        }

        assertThat(log.reads.get()).isEqualTo(reads);
    }

    @Test
    void aFollowerThatFellBehindReadsTheLogUntilItHasCaughtUp() throws InterruptedException {
        LogTail tail = tail(new TailSettings(3, NEVER, NEVER, NEVER));
        store.onAppend(tail::wake);
        List<GlobalPosition> appended = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            appended.add(append(new Sent(i)));
            awaitPosition(tail, appended.get(i));
        }

        List<GlobalPosition> seen = new ArrayList<>();
        GlobalPosition position = GlobalPosition.START;
        LogPage page;
        do {
            page = tail.read(LogQuery.startingAfter(position).limitedTo(4));
            seen.addAll(positions(page));
            position = page.position();
        } while (!page.isLast());

        assertThat(seen).isEqualTo(appended);
    }

    /** Five thousand events of a megabyte would be five gigabytes. */
    @Test
    void keepsFewerEventsWhereTheyAreLarge() throws InterruptedException {
        LogTail tail = wokenTail();
        GlobalPosition start = log.now();
        String large = "x".repeat(900_000);
        GlobalPosition middle = start;
        for (int i = 0; i < 30; i++) {
            GlobalPosition appended = append(new Letter(large));
            awaitPosition(tail, appended);
            middle = i == 20 ? appended : middle;
        }
        int reads = log.reads.get();

        assertThat(tail.read(LogQuery.startingAfter(middle)).entries()).hasSize(9);
        assertThat(log.reads.get()).as("kept").isEqualTo(reads);
        assertThat(tail.read(LogQuery.startingAfter(start)).entries()).hasSize(30);
        assertThat(log.reads.get()).as("read from the log").isEqualTo(reads + 1);
    }

    @Test
    void forgetsWhatIsTooOld() throws InterruptedException {
        LogTail tail = tail(new TailSettings(1_000, Duration.ofNanos(1), NEVER, NEVER));
        store.onAppend(tail::wake);
        GlobalPosition start = log.now();
        awaitPosition(tail, append(new Sent(1)));
        awaitPosition(tail, append(new Sent(2)));
        int reads = log.reads.get();

        assertThat(tail.read(LogQuery.startingAfter(start)).entries()).hasSize(2);
        assertThat(log.reads.get()).as("read from the log").isEqualTo(reads + 1);
    }

    /** Who has read beyond the tail may go on; who is beyond the log would miss what comes below. */
    /** What the tail has found meanwhile was not searched by who read the log before. */
    @Test
    void whoReadsTheLogForItselfIsNotTakenBeyondWhatItHasSearched() throws InterruptedException {
        GlobalPosition first = append(new Sent(1));
        LogTail tail = tail(ONLY_WOKEN);
        awaitRest(tail);
        log.meanwhile.set(() -> {
            append(new Sent(2));
            tail.wake();
            awaitBeyond(tail, first);
        });

        LogPage page = tail.read(new LogQuery(GlobalPosition.START, LogFilter.ALL, 10));
        assertThat(page.entries()).hasSize(1);
        assertThat(page.position()).isEqualTo(first);
        assertThat(tail.read(new LogQuery(page.position(), LogFilter.ALL, 10)).entries())
                .hasSize(1);
    }

    @Test
    void tellsForHowLongTheLogHasNotAnswered() {
        LogTail tail = tail(ONLY_WOKEN);
        awaitRest(tail);
        CountDownLatch hangs = new CountDownLatch(1);
        log.meanwhile.set(() -> {
            try {
                hangs.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        tail.wake();
        try {
            Awaitility.await().until(() -> {
                Duration looking = tail.looking();
                return looking != null && looking.compareTo(Duration.ofMillis(10)) > 0;
            });
        } finally {
            hangs.countDown();
        }
        Awaitility.await().until(() -> tail.looking() == null);
    }

    private static void awaitRest(LogTail tail) {
        Awaitility.await().until(() -> tail.looking() == null);
    }

    private static void awaitBeyond(LogTail tail, GlobalPosition position) {
        try {
            assertThat(tail.await(position, Duration.ofSeconds(30))).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPositionBeyondTheTailIsTheLogsAffair() {
        LogTail tail = tail(ONLY_WOKEN);
        GlobalPosition sent = append(new Sent(1));

        assertThat(tail.read(LogQuery.startingAfter(sent)).position()).isEqualTo(sent);
        LogQuery ahead = LogQuery.startingAfter(new GlobalPosition(sent.value() + 1));
        assertThatExceptionOfType(PositionAheadOfLogException.class).isThrownBy(() -> tail.read(ahead));
    }

    @Test
    void whatWasForgottenIsReadFromTheLogAgain() throws InterruptedException {
        LogTail tail = wokenTail();
        GlobalPosition start = log.now();
        awaitPosition(tail, append(new Sent(1)));
        store.delete(StreamId.of("mail", "m-1"));
        assertThat(tail.read(LogQuery.startingAfter(start)).entries())
                .as("from memory")
                .hasSize(1);

        tail.forget();

        assertThat(tail.read(LogQuery.startingAfter(start)).entries()).isEmpty();
    }

    @Test
    void filtersAsTheLogDoes() throws InterruptedException {
        LogTail tail = wokenTail();
        Tag tag = Tag.of("k", "v");
        append(new Sent(1), new Received(2), NewEvent.of(new Sent(3)).withTags(tag));
        GlobalPosition last = store.append(AppendRequest.of(
                        new StreamId(TenantId.of("other"), "letter", "l-1"), ExpectedVersion.any(), new Sent(4)))
                .positions()
                .get(0);
        awaitPosition(tail, last);

        Stream.of(
                        LogFilter.ALL,
                        LogFilter.ALL.ofTypes(Set.of("received")),
                        LogFilter.ALL.ofTypes(Set.of("nothing")),
                        LogFilter.ALL.ofStreamTypes(Set.of("letter")),
                        LogFilter.ALL.ofTenant(TenantId.DEFAULT),
                        LogFilter.ALL.withTags(Set.of(tag)),
                        LogFilter.ALL.withArchived())
                .map(filter -> LogQuery.fromTheBeginning().matching(filter))
                .forEach(query -> {
                    assertThat(tail.read(query).events())
                            .isEqualTo(store.read(query).events());
                    assertThat(tail.read(query).position()).isEqualTo(last);
                });
    }

    @Test
    void goesOnWhenTheLogCanBeReadAgain() throws InterruptedException {
        LogTail tail = tail(new TailSettings(1_000, NEVER, Duration.ofMillis(1), Duration.ofMillis(10)));
        log.failures.set(5);
        GlobalPosition appended = append(new Sent(1));

        awaitPosition(tail, appended);
        assertThat(log.failures.get()).isZero();
    }

    /** Its filter finds nothing, so it stays where it is, far behind: it once asked the log again and again. */
    @Test
    void whoFindsNothingDoesNotAskAgainAtOnce() throws InterruptedException {
        append(new Sent(0));
        LogTail tail = tail(new TailSettings(1, NEVER, NEVER, NEVER));
        store.onAppend(tail::wake);
        awaitPosition(tail, append(new Sent(1)));
        awaitPosition(tail, append(new Sent(2)));
        LogFilter nothing = LogFilter.ALL.ofTenant(TenantId.of("another"));

        LogPage page = tail.read(LogQuery.fromTheBeginning().matching(nothing));
        int reads = log.reads.get();

        assertThat(page.entries()).isEmpty();
        assertThat(tail.await(page.position(), Duration.ofMillis(1))).isFalse();
        assertThat(tail.read(LogQuery.startingAfter(page.position()).matching(nothing))
                        .entries())
                .isEmpty();
        assertThat(log.reads.get()).isEqualTo(reads);
    }

    @Test
    void waitsNoLongerThanAsked() throws InterruptedException {
        LogTail tail = wokenTail();

        assertThat(tail.await(log.now(), Duration.ofMillis(1))).isFalse();
    }

    @Test
    void closingLetsThoseWhoWaitGo() {
        LogTail tail = wokenTail();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return tail.await(log.now(), NEVER);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        tail.close();

        assertThat(waiting.orTimeout(20, TimeUnit.SECONDS).join()).isFalse();
    }

    @Test
    void everyFollowerSeesEveryEventOnceAndInOrder() {
        LogTail tail = tail(new TailSettings(50, NEVER, Duration.ofMillis(1), Duration.ofMillis(5)));
        store.onAppend(tail::wake);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<CompletableFuture<Void>> writers = IntStream.range(0, 4)
                    .mapToObj(writer -> CompletableFuture.runAsync(
                            () -> IntStream.range(0, 250).forEach(i -> append(new Sent(i))), threads))
                    .toList();
            List<CompletableFuture<List<GlobalPosition>>> followers = IntStream.range(0, 5)
                    .mapToObj(follower -> CompletableFuture.supplyAsync(() -> follow(tail, 1_000), threads))
                    .toList();

            writers.forEach(CompletableFuture::join);
            List<GlobalPosition> all =
                    positions(store.read(LogQuery.fromTheBeginning().limitedTo(10_000)));
            assertThat(all).hasSize(1_000);
            assertThat(followers)
                    .allSatisfy(follower -> assertThat(follower.join()).isEqualTo(all));
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<GlobalPosition> follow(LogTail tail, int events) {
        List<GlobalPosition> seen = new ArrayList<>();
        GlobalPosition position = GlobalPosition.START;
        try {
            while (seen.size() < events) {
                LogPage page = tail.read(LogQuery.startingAfter(position).limitedTo(7));
                seen.addAll(positions(page));
                position = page.position();
                if (page.isLast() && seen.size() < events) {
                    assertThat(tail.await(position, NEVER)).isTrue();
                }
            }
            return seen;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TailSettings(0, NEVER, NEVER, NEVER))
                .withMessageContaining("cannot be less than 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TailSettings(1, Duration.ZERO, NEVER, NEVER))
                .withMessageContaining("keepFor");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TailSettings(1, NEVER, NEVER, Duration.ofMillis(1)))
                .withMessageContaining("busyPoll");
    }
}
