package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.StreamArchivedException;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.testkit.eventstore.Together.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Appends from several threads at the same time: none is lost, none is doubled, and versions have no gaps. */
abstract class ConcurrencyRules extends StoreRules {

    private static final int THREADS = 8;
    private static final int ROUNDS = 10;

    ConcurrencyRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @Test
    void exactlyOneOfThoseThatExpectTheSameVersionWins() {
        StreamId stream = newStream();
        for (int round = 0; round < ROUNDS; round++) {
            long version = round;

            List<Outcome<AppendResult>> outcomes =
                    Together.run(THREADS, thread -> append(stream, ExpectedVersion.exactly(version), noted(1, 1)));

            assertOneWonAndTheOthersSawAConflict(outcomes);
            assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(version + 1));
        }
    }

    @Test
    void exactlyOneOfThoseThatExpectNoStreamWins() {
        for (int round = 0; round < ROUNDS; round++) {
            StreamId stream = newStream();

            List<Outcome<AppendResult>> outcomes =
                    Together.run(THREADS, thread -> append(stream, ExpectedVersion.noStream(), noted(1, 2)));

            assertOneWonAndTheOthersSawAConflict(outcomes);
            assertStreamHolds(stream, "1", "2");
        }
    }

    private static void assertOneWonAndTheOthersSawAConflict(List<Outcome<AppendResult>> outcomes) {
        assertThat(outcomes.stream().flatMap(outcome -> outcome.value().stream()))
                .hasSize(1);
        assertThat(outcomes.stream().flatMap(outcome -> outcome.error().stream()))
                .hasSize(THREADS - 1)
                .hasOnlyElementsOfType(VersionConflictException.class);
    }

    @Test
    void allThatExpectAnyVersionWriteTheirEventsTogetherAndWithoutGaps() {
        StreamId stream = newStream();

        List<Outcome<List<AppendResult>>> outcomes = Together.run(THREADS, thread -> {
            List<AppendResult> results = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                results.add(append(stream, ExpectedVersion.any(), noted(1, 1 + thread % 3)));
            }
            return results;
        });

        List<RecordedEvent> events = store.load(stream).toList();
        assertThat(events)
                .extracting(event -> event.version().value())
                .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(events).extracting(RecordedEvent::position).isSorted().doesNotHaveDuplicates();
        List<AppendResult> results = outcomes.stream()
                .flatMap(outcome -> outcome.valueOrThrow().stream())
                .toList();
        assertThat(results.stream()
                        .mapToInt(result -> result.positions().size())
                        .sum())
                .isEqualTo(events.size());
        results.forEach(result -> assertThat(positionsUpTo(result, events)).isEqualTo(result.positions()));
    }

    private static List<?> positionsUpTo(AppendResult result, List<RecordedEvent> events) {
        int last = Math.toIntExact(result.version().value());
        return events.subList(last - result.positions().size(), last).stream()
                .map(RecordedEvent::position)
                .toList();
    }

    @Test
    void attemptsOfOneAppendAtTheSameTimeWriteItOnce() {
        for (ExpectedVersion expected : List.of(ExpectedVersion.any(), ExpectedVersion.noStream())) {
            StreamId stream = newStream();
            AppendRequest request = AppendRequest.of(stream, expected, noted(1, 3));

            List<AppendResult> results = Together.run(THREADS, thread -> store.append(request)).stream()
                    .map(Outcome::valueOrThrow)
                    .toList();

            assertStreamHolds(stream, "1", "2", "3");
            assertThat(results).filteredOn(result -> !result.alreadyRecorded()).hasSize(1);
            assertThat(results)
                    .extracting(AppendResult::positions)
                    .containsOnly(results.get(0).positions());
        }
    }

    @Test
    void appendsToTheSameStreamsInOppositeOrderBothSucceed() {
        StreamId one = newStream();
        StreamId other = newStream();
        List<StreamId> order = List.of(one, other);
        List<StreamId> opposite = List.of(other, one);

        Together.run(2, thread -> {
                    for (int round = 0; round < 5 * ROUNDS; round++) {
                        store.appendAll((thread == 0 ? order : opposite)
                                .stream()
                                        .map(stream -> AppendRequest.of(stream, ExpectedVersion.any(), noted(1, 1)))
                                        .toList());
                    }
                    return thread;
                })
                .forEach(Outcome::valueOrThrow);

        assertThat(store.load(one).toList()).hasSize(10 * ROUNDS);
        assertThat(store.load(other).toList()).hasSize(10 * ROUNDS);
    }

    @Test
    void aLoadDuringAppendsSeesWholeAppendsUpToItsVersion() {
        StreamId stream = newStreamOf(3);

        Together.run(2, thread -> {
                    for (int round = 0; round < 5 * ROUNDS; round++) {
                        if (thread == 0) {
                            append(stream, ExpectedVersion.any(), noted(1, 3));
                        } else {
                            assertIsWhole(store.load(stream));
                        }
                    }
                    return thread;
                })
                .forEach(Outcome::valueOrThrow);
    }

    private static void assertIsWhole(EventStream loaded) {
        long version = loaded.version().value();
        assertThat(version).isPositive().matches(v -> v % 3 == 0, "is at the end of an append of three events");
        assertThat(loaded.stream().map(event -> event.version().value()))
                .isEqualTo(LongStream.rangeClosed(1, version).boxed().toList());
    }

    @Test
    void noAppendArrivesAfterTheStreamWasArchived() {
        StreamId stream = newStreamOf(1);

        List<Outcome<Long>> outcomes = Together.run(4, thread -> {
            if (thread == 0) {
                store.archive(stream);
                return store.currentVersion(stream).value();
            }
            return appendUntilRefused(stream);
        });

        assertThat(store.currentVersion(stream).value())
                .isEqualTo(outcomes.get(0).valueOrThrow())
                .isEqualTo(1
                        + outcomes.stream()
                                .skip(1)
                                .mapToLong(Outcome::valueOrThrow)
                                .sum());
    }

    @Test
    void noAppendArrivesAfterTheStreamWasDeleted() {
        StreamId stream = newStreamOf(1);

        List<Outcome<Long>> outcomes = Together.run(4, thread -> {
            if (thread == 0) {
                store.delete(stream);
                return 0L;
            }
            return appendUntilRefused(stream);
        });

        outcomes.forEach(Outcome::valueOrThrow);
        assertThat(store.exists(stream)).isFalse();
    }

    private long appendUntilRefused(StreamId stream) {
        for (long written = 0; written < 100_000; written++) {
            try {
                append(stream, ExpectedVersion.any(), noted(1, 1));
            } catch (StreamArchivedException | StreamDeletedException e) {
                return written;
            }
        }
        throw new AssertionError("The stream still accepts appends: " + stream);
    }
}
