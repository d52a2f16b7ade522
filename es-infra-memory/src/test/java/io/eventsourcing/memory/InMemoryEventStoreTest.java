package io.eventsourcing.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is the store's own; what it shares with other stores is in the contract suites of es-testkit. */
class InMemoryEventStoreTest {

    @EventType("listed")
    record Listed(List<String> items) {}

    private static final EventSerialization SERIALIZATION = EventSerialization.of(Listed.class);
    private static final StreamId STREAM = StreamId.of("list", "1");

    private final InMemoryEventStore store = new InMemoryEventStore(SERIALIZATION);

    private static AppendRequest request(StreamId stream, String... items) {
        return AppendRequest.of(stream, ExpectedVersion.any(), new Listed(List.of(items)));
    }

    @Test
    void recordsEventsAtTheTimeOfItsClockInMicroseconds() {
        Clock clock = Clock.fixed(Instant.parse("2024-02-29T12:00:00.123456789Z"), ZoneOffset.UTC);
        InMemoryEventStore clocked = new InMemoryEventStore(SERIALIZATION, clock);

        clocked.append(request(STREAM, "a"));

        assertThat(clocked.load(STREAM).toList())
                .extracting(RecordedEvent::recordedAt)
                .containsExactly(Instant.parse("2024-02-29T12:00:00.123456Z"));
    }

    @Test
    void countsPositionsFromOneOverAllTenants() {
        StreamId otherTenants = STREAM.inTenant(TenantId.of("other"));

        assertThat(List.of(
                        store.append(request(STREAM, "a")),
                        store.append(request(otherTenants, "b")),
                        store.append(request(STREAM, "c"))))
                .flatExtracting(AppendResult::positions)
                .containsExactly(new GlobalPosition(1), new GlobalPosition(2), new GlobalPosition(3));
    }

    @Test
    void keepsEventsAsTheyWereWhenTheyWereAppended() {
        List<String> items = new ArrayList<>(List.of("a"));
        store.append(AppendRequest.of(STREAM, ExpectedVersion.any(), new Listed(items)));

        items.add("b");

        assertThat(store.load(STREAM).toList())
                .extracting(RecordedEvent::payload)
                .containsExactly(new Listed(List.of("a")));
    }

    @Test
    void sharesItsDataWithAStoreThatReopensItAndWithNoOther() {
        InMemoryEventStore reopened = store.reopenWith(SERIALIZATION);
        InMemoryEventStore separate = new InMemoryEventStore(SERIALIZATION);

        store.append(request(STREAM, "a"));
        reopened.append(request(STREAM, "b"));

        assertThat(store.load(STREAM).toList())
                .hasSize(2)
                .isEqualTo(reopened.load(STREAM).toList());
        assertThat(separate.exists(STREAM)).isFalse();
    }

    @Test
    void givesEveryEventItsOwnPositionWhateverThreadAppendsIt() {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<AppendResult>> appends = IntStream.range(0, 800)
                    .mapToObj(i -> threads.submit(() -> store.append(request(StreamId.of("list", "" + i % 20), "a"))))
                    .toList();

            assertThat(appends.stream()
                            .flatMap(append -> resultOf(append).positions().stream())
                            .map(GlobalPosition::value)
                            .sorted())
                    .isEqualTo(LongStream.rangeClosed(1, 800).boxed().toList());
        } finally {
            threads.shutdownNow();
        }
    }

    private static AppendResult resultOf(Future<AppendResult> append) {
        try {
            return append.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
