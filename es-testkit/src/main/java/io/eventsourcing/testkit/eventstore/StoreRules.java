package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.testkit.eventstore.ContractEvent.Noted;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the tests of every suite share. Each test works on fresh streams, so that the store need not be empty, and a test
 * that expects nothing to have happened first makes something happen, so that a store without effect cannot pass it.
 */
abstract class StoreRules {

    private final Function<EventSerialization, StoreUnderTest> opener;

    EventStorePort store;
    SnapshotPort snapshots;

    @SuppressWarnings("NullAway.Init") // opened before each test
    StoreRules(Function<EventSerialization, StoreUnderTest> opener) {
        this.opener = opener;
    }

    @BeforeEach
    void openStore() {
        reopen(ContractEvent.serialization());
    }

    /** From now on the test uses a store with this serialization over the same data. */
    final void reopen(EventSerialization serialization) {
        StoreUnderTest opened = opener.apply(serialization);
        store = opened.events();
        snapshots = opened.snapshots();
    }

    static StreamId newStream() {
        return StreamId.of("contract", UUID.randomUUID().toString());
    }

    /** A new stream with this many events, whose texts are "1", "2" and so on. */
    final StreamId newStreamOf(int events) {
        StreamId stream = newStream();
        append(stream, ExpectedVersion.noStream(), noted(1, events));
        return stream;
    }

    static Object[] noted(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> new Noted(Integer.toString(i)))
                .toArray();
    }

    static NewEvent note(String text) {
        return NewEvent.of(new Noted(text));
    }

    final AppendResult append(StreamId stream, ExpectedVersion expected, Object... payloads) {
        return store.append(AppendRequest.of(stream, expected, payloads));
    }

    final AppendResult append(StreamId stream, ExpectedVersion expected, List<NewEvent> events) {
        return store.append(AppendRequest.of(stream, expected, events));
    }

    /** What the events say, in the order in which they are iterated. */
    static List<String> texts(Iterable<RecordedEvent> events) {
        List<String> texts = new ArrayList<>();
        events.forEach(event -> texts.add(text(event.payload())));
        return texts;
    }

    private static String text(Object payload) {
        return payload instanceof Noted noted ? noted.text() : payload.toString();
    }

    /** The stream holds events with these texts and nothing else, in all ways to look at it. */
    final void assertStreamHolds(StreamId stream, String... texts) {
        EventStream loaded = store.load(stream);
        assertThat(texts(loaded)).as("the events of %s", stream).containsExactly(texts);
        assertThat(loaded.stream().map(event -> event.version().value()))
                .as("the versions of %s", stream)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, texts.length).boxed().toList());
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(texts.length));
    }
}
