package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sequences of random operations: the store answers each as a model does that is simple enough to be right. */
abstract class RandomOperationRules extends StoreRules {

    private static final int SEQUENCES = 10;
    private static final int OPERATIONS = 60;

    RandomOperationRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @Test
    void answersAnySequenceOfOperationsAsTheModelDoes() {
        long seed = Long.getLong("es.seed", System.nanoTime());
        System.out.println("Random operations run with -Des.seed=" + seed);
        Random random = new Random(seed);
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            new Sequence(random, seed).run();
        }
    }

    /** One sequence, on three streams of its own. */
    private final class Sequence {

        private final ModelStore model = new ModelStore();
        private final List<StreamId> streams =
                Stream.generate(StoreRules::newStream).limit(3).toList();
        private final List<NewEvent> appended = new ArrayList<>();
        private final List<String> history = new ArrayList<>();
        private final Random random;
        private final long seed;

        Sequence(Random random, long seed) {
            this.random = random;
            this.seed = seed;
        }

        void run() {
            for (int operation = 0; operation < OPERATIONS; operation++) {
                runOne();
            }
            streams.forEach(
                    stream -> assertSame("load " + stream, model.load(stream, 1), () -> describe(store.load(stream))));
        }

        private void runOne() {
            StreamId stream = oneOf(streams);
            int number = 1 + random.nextInt(6);
            switch (random.nextInt(16)) {
                case 0 ->
                    assertSame(
                            "archive " + stream,
                            model.setArchived(stream, true),
                            () -> done(() -> store.archive(stream)));
                case 1, 2 ->
                    assertSame(
                            "unarchive " + stream,
                            model.setArchived(stream, false),
                            () -> done(() -> store.unarchive(stream)));
                case 3 -> maybeDelete(stream);
                case 4, 5 ->
                    assertSame(
                            "load " + stream + " from " + number,
                            model.load(stream, number),
                            () -> describe(store.load(stream, StreamVersion.of(number))));
                case 6, 7 ->
                    assertSame(
                            "load " + number + " of " + stream + " backward",
                            model.loadBackward(stream, number),
                            () -> describe(store.loadBackward(stream, number)));
                case 8, 9 -> append(List.of(request(streams.get(2)), request(streams.get(0))));
                default -> append(List.of(request(stream)));
            }
        }

        private void maybeDelete(StreamId stream) {
            if (random.nextInt(4) == 0) {
                assertSame("delete " + stream, model.delete(stream), () -> done(() -> store.delete(stream)));
            }
        }

        private void append(List<AppendRequest> requests) {
            if (requests.stream()
                            .flatMap(request -> request.events().stream())
                            .map(NewEvent::id)
                            .distinct()
                            .count()
                    == requests.stream()
                            .mapToInt(request -> request.events().size())
                            .sum()) {
                assertSame("append " + requests, model.appendAll(requests), () -> describe(store.appendAll(requests)));
            }
        }

        /** Mostly new events, sometimes a retry of what was appended, or of a part of it, or a mixture. */
        private AppendRequest request(StreamId stream) {
            List<NewEvent> fresh = IntStream.rangeClosed(0, random.nextInt(3))
                    .mapToObj(i -> note("event"))
                    .toList();
            List<NewEvent> events = switch (random.nextInt(5)) {
                case 0 -> someAppended(fresh);
                case 1 -> random.nextInt(3) == 0 ? concat(someAppended(List.of()), fresh) : fresh;
                default -> fresh;
            };
            appended.addAll(
                    events.stream().filter(event -> !appended.contains(event)).toList());
            return AppendRequest.of(stream, expectation(stream), events);
        }

        private List<NewEvent> someAppended(List<NewEvent> otherwise) {
            if (appended.isEmpty()) {
                return otherwise;
            }
            int from = random.nextInt(appended.size());
            return List.copyOf(appended.subList(from, Math.min(appended.size(), from + 1 + random.nextInt(3))));
        }

        private static <T> List<T> concat(List<T> first, List<T> second) {
            return Stream.concat(first.stream(), second.stream()).toList();
        }

        private ExpectedVersion expectation(StreamId stream) {
            int version = model.events(stream).size();
            return switch (random.nextInt(6)) {
                case 0 -> ExpectedVersion.noStream();
                case 1 -> ExpectedVersion.streamExists();
                case 2 -> ExpectedVersion.exactly(random.nextInt(version + 2));
                case 3, 4 -> ExpectedVersion.exactly(version);
                default -> ExpectedVersion.any();
            };
        }

        private <T> T oneOf(List<T> choices) {
            return choices.get(random.nextInt(choices.size()));
        }

        private void assertSame(String operation, String expected, Supplier<String> actual) {
            history.add(operation + " -> " + expected);
            assertThat(answer(actual))
                    .as("-Des.seed=%d, after%n%s%n", seed, String.join("\n", history))
                    .isEqualTo(expected);
        }
    }

    private static String answer(Supplier<String> call) {
        try {
            return call.get();
        } catch (EventStoreException e) {
            return e.getClass().getSimpleName();
        }
    }

    private static String done(Runnable call) {
        call.run();
        return "done";
    }

    private static String describe(EventStream loaded) {
        return loaded.stream().map(RecordedEvent::id).toList() + " of " + loaded.version();
    }

    private static String describe(List<AppendResult> results) {
        return results.stream()
                .map(result -> result.alreadyRecorded() ? "(" + result.version() + ")" : "" + result.version())
                .toList()
                .toString();
    }
}
