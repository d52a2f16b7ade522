package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Following the log while others append. */
abstract class LogFollowRules extends LogRules {

    private static final int WRITERS = 12;

    LogFollowRules(Function<EventSerialization, LogUnderTest> opener) {
        super(opener);
    }

    @Test
    void aFollowerSeesEveryEventOnceAndInOrder() {
        List<StreamId> streams = Stream.generate(() -> newStream().inTenant(newTenant()))
                .limit(8)
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<CompletableFuture<List<GlobalPosition>>> writers = IntStream.range(0, WRITERS)
                    .mapToObj(
                            writer -> CompletableFuture.supplyAsync(() -> write(new Random(writer), streams), threads))
                    .toList();
            List<RecordedEvent> seen = follow(writers);

            List<GlobalPosition> written = writers.stream()
                    .flatMap(writer -> writer.join().stream())
                    .sorted()
                    .toList();
            assertThat(written).hasSizeGreaterThan(WRITERS);
            assertThat(seen).extracting(RecordedEvent::position).isEqualTo(written);
            for (StreamId stream : streams) {
                List<Long> versions = seen.stream()
                        .filter(event -> event.stream().equals(stream))
                        .map(event -> event.version().value())
                        .toList();
                assertThat(versions)
                        .isEqualTo(LongStream.rangeClosed(1, versions.size())
                                .boxed()
                                .toList());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private List<GlobalPosition> write(Random random, List<StreamId> streams) {
        List<GlobalPosition> written = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            StreamId stream = streams.get(random.nextInt(streams.size()));
            AppendResult result = store.append(AppendRequest.of(
                    stream,
                    ExpectedVersion.any(),
                    IntStream.rangeClosed(0, random.nextInt(3))
                            .mapToObj(n -> note("n" + n))
                            .toList()));
            written.addAll(result.positions());
        }
        return written;
    }

    /** Reads until the writers have ended and nothing is left. */
    private List<RecordedEvent> follow(List<? extends CompletableFuture<?>> writers) {
        List<RecordedEvent> seen = new ArrayList<>();
        GlobalPosition position = start;
        boolean ended;
        do {
            ended = writers.stream().allMatch(CompletableFuture::isDone);
            LogPage page;
            do {
                page = log.read(query().after(position).limitedTo(7));
                seen.addAll(page.events());
                position = page.position();
            } while (!page.isLast());
        } while (!ended);
        return seen;
    }
}
