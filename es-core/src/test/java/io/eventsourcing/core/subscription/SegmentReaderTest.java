package io.eventsourcing.core.subscription;

import static io.eventsourcing.core.subscription.Entries.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.HighWaterMark;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who reads when, and who gets what was read. Each of the two streams has a segment of its own. */
class SegmentReaderTest {

    private static final StreamId A = streamOf(0);
    private static final StreamId B = streamOf(1);

    private final HandDrivenHost host = new HandDrivenHost();
    private final TreeMap<Integer, SegmentRunner> runners = new TreeMap<>();
    private final WrittenLog log = new WrittenLog();
    private final Subscription subscription =
            Subscription.named("s").segments(2).batchSize(1).handledBy(events -> {});
    private LogTail tail;
    private SegmentReader reader;

    /** A log in memory, of which a test says what happens while it is read. */
    private static final class WrittenLog implements EventLogPort {

        private final List<LogEntry> entries = new ArrayList<>();
        private final List<GlobalPosition> readAfter = new ArrayList<>();
        private Runnable meanwhile = () -> {};
        private int pageSize = 1_000;

        @Override
        public LogPage read(LogQuery query) {
            readAfter.add(query.after());
            List<LogEntry> left = entries.stream()
                    .filter(entry -> entry.position().compareTo(query.after()) > 0)
                    .toList();
            List<LogEntry> found = left.subList(0, Math.min(pageSize, left.size()));
            Runnable happens = meanwhile;
            meanwhile = () -> {};
            happens.run();
            GlobalPosition end = found.isEmpty()
                    ? query.after()
                    : found.get(found.size() - 1).position();
            return new LogPage(found, end, end, found.size() == left.size());
        }

        /** So the tail keeps nothing, and every read is one of the log. */
        @Override
        public GlobalPosition now() {
            throw new EventStoreUnavailableException("no tail", new IllegalStateException());
        }

        @Override
        public GlobalPosition before(Instant time) {
            throw new AssertionError("not asked for");
        }

        @Override
        public HighWaterMark highWaterMark() {
            throw new AssertionError("not asked for");
        }
    }

    private static StreamId streamOf(int segment) {
        int i = 0;
        while (SequencingPolicy.segmentOf("default:clock:c-" + i, 2) != segment) {
            i++;
        }
        return StreamId.of("clock", "c-" + i);
    }

    @BeforeEach
    void start() {
        tail = new LogTail(
                log,
                EventSerialization.of(Entries.Ticked.class),
                new TailSettings(10, Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1)));
        reader = new SegmentReader(subscription, tail, host, () -> List.copyOf(runners.values()));
        host.reader = reader::readMore;
        own(0);
        own(1);
    }

    @AfterEach
    void close() {
        tail.close();
    }

    private void own(int segment) {
        own(segment, 10);
    }

    private void own(int segment, long position) {
        Checkpoint held = new Checkpoint(new SegmentId("s", segment), at(position), 1);
        OneCheckpoint checkpoints = new OneCheckpoint();
        checkpoints.stored = held;
        runners.put(segment, new SegmentRunner(subscription, checkpoints, new OwnedSegment(held, false, false), host));
    }

    private void append(StreamId stream, long... positions) {
        for (long position : positions) {
            log.entries.add(Entries.entry(position, stream));
        }
    }

    private int waiting(int segment) {
        return runners.get(segment).progress().waiting();
    }

    @Test
    void oneReadServesAllSegments() {
        append(A, 11, 12);
        append(B, 13);
        reader.readMore();
        reader.readMore();
        assertThat(host.tasks()).isEqualTo(1);

        host.runOne();

        assertThat(log.readAfter).containsExactly(at(10));
        assertThat(waiting(0)).isEqualTo(2);
        assertThat(waiting(1)).isEqualTo(1);
    }

    @Test
    void readsOnlyWhenTheLogHasGrown() {
        reader.grown();
        host.runAll();
        reader.readMore();
        host.runAll();
        assertThat(log.readAfter).containsExactly(at(10));

        reader.grown();
        host.runAll();
        assertThat(log.readAfter).hasSize(2);
    }

    @Test
    void aGrowthDuringAReadIsNotMissed() {
        log.meanwhile = () -> {
            append(A, 11);
            reader.grown();
        };
        reader.grown();
        host.runOne();

        assertThat(waiting(0)).isEqualTo(1);
    }

    /** It may begin on another server, whose log is not the one of the page. */
    @Test
    void aRunnerThatBeginsDuringAReadGetsNothingOfIt() {
        append(A, 11);
        log.meanwhile = () -> {
            log.entries.clear();
            append(A, 12);
            own(0);
            reader.grown();
        };
        reader.grown();
        host.runOne();

        assertThat(waiting(0)).isEqualTo(1);
        host.runAll();
        assertThat(runners.get(0).progress().position()).isEqualTo(at(12));
    }

    @Test
    void aSegmentThatIsFarBehindDoesNotHoldUpTheOthers() {
        own(1, 50);
        append(A, 11, 12, 13, 14);
        append(B, 51, 52);
        log.pageSize = 1;
        reader.grown();
        host.runOne();

        assertThat(log.readAfter).startsWith(at(50), at(10), at(51), at(11));
    }

    @Test
    void aFullSegmentIsLeftBehindAndReadForAgain() {
        for (long position = 11; position <= 120; position++) {
            append(A, position);
        }
        append(B, 121);
        reader.grown();
        host.runOne();
        append(B, 122);
        reader.grown();
        assertThat(waiting(0)).isEqualTo(110);

        host.runAll();

        assertThat(runners.get(0).progress().position()).isEqualTo(at(122));
        assertThat(runners.get(1).progress().position()).isEqualTo(at(122));
    }

    @Test
    void aFullSegmentGetsNothingOfWhatIsReadForAnother() {
        for (long position = 11; position <= 120; position++) {
            append(A, position);
        }
        log.meanwhile = () -> {
            append(A, 121);
            append(B, 122);
            reader.grown();
        };
        reader.grown();
        host.runOne();

        assertThat(waiting(0)).isEqualTo(110);
        assertThat(waiting(1)).isEqualTo(1);
    }

    @Test
    void triesAgainAfterASecondWhenTheLogCannotBeRead() {
        append(A, 11);
        log.meanwhile = () -> {
            throw new EventStoreUnavailableException("away", new IllegalStateException());
        };
        reader.grown();
        host.runOne();
        assertThat(host.reported()).singleElement().isInstanceOf(EventStoreUnavailableException.class);
        assertThat(host.pauses).containsExactly(TimeUnit.SECONDS.toNanos(1));

        host.ring();
        host.runOne();

        assertThat(waiting(0)).isEqualTo(1);
        assertThat(host.reported()).isEmpty();
    }

    /** As after another node has taken the segments, while this one could not read for them. */
    @Test
    void nothingKeepsFromReadingWhereNothingIsToBeRead() {
        append(A, 11);
        log.meanwhile = () -> {
            throw new EventStoreUnavailableException("away", new IllegalStateException());
        };
        reader.grown();
        host.runOne();
        assertThat(host.reported()).hasSize(1);
        runners.clear();
        host.ring();

        assertThat(host.reported()).isEmpty();
    }

    /** Or each who asks meanwhile would begin a row of attempts of its own, and they would not end before the outage does. */
    @Test
    void nobodyReadsWithinThatSecondHoweverManyAsk() {
        log.meanwhile = () -> {
            throw new EventStoreUnavailableException("away", new IllegalStateException());
        };
        reader.grown();
        host.runOne();

        reader.grown();
        reader.readMore();

        assertThat(host.tasks()).isZero();
        assertThat(host.timers()).isEqualTo(1);
    }

    @Test
    void stopsAtAnEventWithoutAKey() {
        SequencingPolicy broken = SequencingPolicy.by("broken", event -> {
            throw new IllegalStateException("no key");
        });
        Subscription keyless = Subscription.named("s").sequencedBy(broken).handledBy(events -> {});
        append(A, 11);
        new SegmentReader(keyless, tail, host, () -> List.copyOf(runners.values())).grown();
        host.runOne();

        assertThat(host.stopped)
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .isInstanceOf(StopSubscriptionException.class)
                .hasMessageContaining("Subscription 's' cannot tell the sequencing key of the ")
                .hasRootCauseMessage("no key");
        assertThat(waiting(0)).isZero();
    }

    /** The checkpoint in the store may have been taken back together with the log. */
    @Test
    void aRunnerBeyondTheEndOfTheLogEndsAndTheNextOneStopsTheSubscription() {
        runners.remove(0);
        SegmentRunner beyond = runners.get(1);
        readBeyondTheEnd();
        assertThat(host.ended).containsExactly(beyond);
        assertThat(host.stopped).isEmpty();
        assertThat(host.reported()).as("until it can be read again").hasSize(1);

        own(1);
        readBeyondTheEnd();

        assertThat(host.stopped).singleElement().isInstanceOf(PositionAheadOfLogException.class);
    }

    @Test
    void aReadInBetweenMakesTheNextEndOfTheLogAFirstOne() {
        runners.remove(0);
        readBeyondTheEnd();
        own(1);
        reader.grown();
        host.runAll();

        readBeyondTheEnd();

        assertThat(host.ended).hasSize(2);
        assertThat(host.stopped).isEmpty();
    }

    private void readBeyondTheEnd() {
        log.meanwhile = () -> {
            throw new PositionAheadOfLogException(at(10), at(5));
        };
        reader.grown();
        host.runOne();
    }
}
