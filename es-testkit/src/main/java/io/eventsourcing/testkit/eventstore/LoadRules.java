package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantId;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Loads: from any place, in both directions, in pages, and questions about what exists. */
abstract class LoadRules extends StoreRules {

    private static final int SEVERAL_PAGES = 3_000;

    LoadRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @Test
    void loadsAStreamThatWasNeverWrittenAsEmpty() {
        StreamId written = newStreamOf(1);

        assertIsEmpty(store.load(written.inTenant(TenantId.of("another"))));
        assertIsEmpty(store.load(new StreamId(written.tenant(), "another", written.id())));
        assertIsEmpty(store.load(newStream()));
        assertIsEmpty(store.loadBackward(newStream(), 10));

        assertThat(store.load(written).exists()).isTrue();
        assertThat(store.load(written).id()).isEqualTo(written);
    }

    private static void assertIsEmpty(EventStream loaded) {
        assertThat(loaded.toList()).isEmpty();
        assertThat(loaded.version()).isEqualTo(StreamVersion.NONE);
        assertThat(loaded.exists()).isFalse();
    }

    @Test
    void loadsFromEachPlaceToTheEnd() {
        StreamId stream = newStreamOf(5);

        for (int from = 1; from <= 5; from++) {
            EventStream loaded = store.load(stream, StreamVersion.of(from));

            assertThat(texts(loaded)).containsExactlyElementsOf(numbers(from, 5));
            assertThat(loaded.version()).isEqualTo(StreamVersion.of(5));
        }
    }

    private static List<String> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList();
    }

    @Test
    void loadsFromVersionZeroAsFromTheFirstEvent() {
        assertThat(texts(store.load(newStreamOf(2), StreamVersion.NONE))).containsExactly("1", "2");
    }

    @Test
    void loadsNothingFromBeyondTheEndAndStillTellsTheVersion() {
        StreamId stream = newStreamOf(3);

        for (long from : new long[] {4, 5, Long.MAX_VALUE}) {
            EventStream loaded = store.load(stream, StreamVersion.of(from));

            assertThat(loaded.toList()).isEmpty();
            assertThat(loaded.version()).isEqualTo(StreamVersion.of(3));
            assertThat(loaded.exists()).isTrue();
        }
    }

    @Test
    void loadsTheLatestEventsNewestFirst() {
        StreamId stream = newStreamOf(5);

        assertThat(texts(store.loadBackward(stream, 1))).containsExactly("5");
        assertThat(texts(store.loadBackward(stream, 3))).containsExactly("5", "4", "3");
        assertThat(texts(store.loadBackward(stream, 5))).containsExactly("5", "4", "3", "2", "1");
        assertThat(texts(store.loadBackward(stream, Long.MAX_VALUE))).containsExactly("5", "4", "3", "2", "1");
    }

    @Test
    void loadsBackwardFromEachPlace() {
        StreamId stream = newStreamOf(5);

        assertThat(texts(store.loadBackward(stream, StreamVersion.of(1), 2))).containsExactly("1");
        assertThat(texts(store.loadBackward(stream, StreamVersion.of(4), 2))).containsExactly("4", "3");
        assertThat(texts(store.loadBackward(stream, StreamVersion.of(9), 2))).containsExactly("5", "4");
    }

    @Test
    void loadsNothingBackwardFromVersionZeroAndStillTellsTheVersion() {
        EventStream loaded = store.loadBackward(newStreamOf(2), StreamVersion.NONE, 5);

        assertThat(loaded.toList()).isEmpty();
        assertThat(loaded.version()).isEqualTo(StreamVersion.of(2));
    }

    @Test
    void refusesALimitBelowOne() {
        StreamId stream = newStreamOf(1);

        assertThatIllegalArgumentException().isThrownBy(() -> store.loadBackward(stream, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> store.loadBackward(stream, -1));
    }

    @Test
    void givesTheSameEventsInEachIteration() {
        EventStream loaded = store.load(newStreamOf(3));
        Iterator<RecordedEvent> underWay = loaded.iterator();
        underWay.next();

        assertThat(loaded.toList()).hasSize(3).isEqualTo(loaded.toList());
        assertThat(((ContractEvent.Noted) underWay.next().payload()).text()).isEqualTo("2");
    }

    @Test
    void endsEachIterationWithTheLastEvent() {
        Iterator<RecordedEvent> events = store.load(newStreamOf(1)).iterator();

        assertThat(events.hasNext()).isTrue();
        assertThat(events.hasNext()).isTrue();
        events.next();
        assertThat(events.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(events::next);
    }

    @Test
    void leavesOutWhatWasAppendedAfterTheLoad() {
        StreamId stream = newStreamOf(2);
        EventStream forward = store.load(stream);
        EventStream backward = store.loadBackward(stream, 10);

        append(stream, ExpectedVersion.any(), noted(3, 3));

        assertThat(texts(forward)).containsExactly("1", "2");
        assertThat(forward.version()).isEqualTo(StreamVersion.of(2));
        assertThat(texts(backward)).containsExactly("2", "1");
        assertThat(texts(store.load(stream))).containsExactly("1", "2", "3");
    }

    @Test
    void givesEveryEventOfALongStreamOnceAndInOrder() {
        StreamId stream = longStream();

        assertThat(texts(store.load(stream))).isEqualTo(numbers(1, SEVERAL_PAGES));
        assertThat(texts(store.load(stream, StreamVersion.of(501)))).isEqualTo(numbers(501, SEVERAL_PAGES));
        assertThat(store.load(stream).version()).isEqualTo(StreamVersion.of(SEVERAL_PAGES));
    }

    @Test
    void givesEveryEventOfALongStreamBackwardOnceAndInOrder() {
        StreamId stream = longStream();

        List<RecordedEvent> backward =
                store.loadBackward(stream, SEVERAL_PAGES - 7).toList();

        assertThat(backward)
                .extracting(event -> event.version().value())
                .isEqualTo(IntStream.range(0, SEVERAL_PAGES - 7)
                        .mapToObj(i -> (long) SEVERAL_PAGES - i)
                        .toList());
        assertThat(texts(backward)).startsWith("3000", "2999").endsWith("9", "8");
    }

    private StreamId longStream() {
        StreamId stream = newStream();
        for (int first = 1; first <= SEVERAL_PAGES; first += 500) {
            append(stream, ExpectedVersion.exactly(first - 1), noted(first, first + 499));
        }
        return stream;
    }

    @Test
    void failsWhenTheStreamIsDeletedWhileItIsIterated() {
        StreamId stream = longStream();
        Iterator<RecordedEvent> forward = store.load(stream).iterator();
        Iterator<RecordedEvent> backward =
                store.loadBackward(stream, SEVERAL_PAGES).iterator();
        forward.next();
        backward.next();

        store.delete(stream);

        assertThatExceptionOfType(StreamDeletedException.class)
                .isThrownBy(() -> forward.forEachRemaining(event -> {}))
                .withMessageContaining(stream.toString());
        assertThatExceptionOfType(StreamDeletedException.class)
                .isThrownBy(() -> backward.forEachRemaining(event -> {}));
    }

    @Test
    void foldsEventsIntoAState() {
        EventStream loaded = store.load(newStreamOf(3));

        assertThat(loaded.fold("", (state, event) -> state + ((ContractEvent.Noted) event.payload()).text()))
                .isEqualTo("123");
    }

    @Test
    void tellsTheVersionThatAStreamIsAt() {
        StreamId stream = newStream();
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.NONE);

        append(stream, ExpectedVersion.any(), noted(1, 2));
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(2));

        append(stream, ExpectedVersion.any(), noted(3, 3));
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(3));
    }

    @Test
    void tellsWhichStreamsExist() {
        StreamId one = newStreamOf(1);
        StreamId other = newStreamOf(1);
        StreamId missing = newStream();

        assertThat(store.exists(one)).isTrue();
        assertThat(store.exists(missing)).isFalse();
        assertThat(store.existing(List.of(one, missing, other, one))).containsExactlyInAnyOrder(one, other);
    }

    @Test
    void tellsWhetherAllStreamsExist() {
        StreamId one = newStreamOf(1);
        StreamId other = newStreamOf(1);

        assertThat(store.allExist(List.of(one, other))).isTrue();
        assertThat(store.allExist(List.of(one, newStream(), other))).isFalse();
        assertThat(store.allExist(List.of())).isTrue();
        assertThat(store.existing(List.of())).isEmpty();
    }

    @Test
    void countsAnArchivedStreamAsExistingAndADeletedOneNot() {
        StreamId archived = newStreamOf(1);
        StreamId deleted = newStreamOf(1);
        store.archive(archived);
        store.delete(deleted);

        assertThat(store.existing(List.of(archived, deleted))).containsExactly(archived);
        assertThat(store.exists(deleted)).isFalse();
    }
}
