package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.log.HighWaterMark;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.serialization.UnknownEventTypeException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.eventstore.ContractEvent.Counted;
import io.eventsourcing.testkit.eventstore.ContractEvent.Noted;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pages of the log: what is in them, in which order, and where to continue. */
abstract class LogReadRules extends LogRules {

    LogReadRules(Function<EventSerialization, LogUnderTest> opener) {
        super(opener);
    }

    @Test
    void readsTheEventsOfAllStreamsInTheOrderOfTheirPositions() {
        StreamId one = newStream();
        StreamId two = newStream();
        note(one, "1");
        note(two, "2");
        note(one, "3");

        List<RecordedEvent> events = read(LogFilter.ALL);

        assertThat(texts(events)).containsExactly("1", "2", "3");
        assertThat(events).extracting(RecordedEvent::stream).containsExactly(one, two, one);
        assertThat(events.stream().map(RecordedEvent::position)).isSorted();
    }

    @Test
    void readsAnEventAsItsStreamIsLoaded() {
        StreamId stream = newStream().inTenant(newTenant());
        append(
                stream,
                note("full")
                        .withTags(Tag.of("k", "v"))
                        .withMetadata(EventMetadata.builder().actor("ada").build()));

        assertThat(read(LogFilter.ALL))
                .isNotEmpty()
                .isEqualTo(store.load(stream).toList());
    }

    @Test
    void readsTheEventsOfOneAppendTogether() {
        List<AppendResult> results = store.appendAll(List.of(
                AppendRequest.of(newStream(), ExpectedVersion.any(), new Noted("1"), new Noted("2")),
                AppendRequest.of(newStream(), ExpectedVersion.any(), new Noted("3"))));

        assertThat(read(LogFilter.ALL))
                .extracting(RecordedEvent::position)
                .containsExactlyElementsOf(results.stream()
                        .flatMap(result -> result.positions().stream())
                        .toList());
    }

    @Test
    void continuesWhereAPageEnded() {
        StreamId stream = newStream();
        IntStream.rangeClosed(1, 5).forEach(i -> note(stream, Integer.toString(i)));

        LogPage first = log.read(query().limitedTo(2));
        LogPage second = log.read(query().limitedTo(2).after(first.position()));
        LogPage third = log.read(query().limitedTo(2).after(second.position()));

        assertThat(texts(first.events())).containsExactly("1", "2");
        assertThat(first.isLast()).isFalse();
        assertThat(texts(second.events())).containsExactly("3", "4");
        assertThat(texts(third.events())).containsExactly("5");
        assertThat(third.isLast()).isTrue();
    }

    @Test
    void endsAPageWhereItsEventsAreLarge() {
        StreamId stream = newStream();
        String large = "x".repeat(900_000);
        for (int i = 0; i < 8; i++) {
            note(stream, large);
        }

        LogPage page = log.read(query());

        assertThat(page.entries()).hasSizeBetween(1, 8);
        assertThat(page.position())
                .isGreaterThanOrEqualTo(
                        page.entries().get(page.entries().size() - 1).position());
        assertThat(read(LogFilter.ALL)).hasSize(8);
    }

    @Test
    void saysWhereToContinueWhenNothingIsNew() {
        note(newStream(), "before");
        LogPage page = log.read(query());
        LogPage nothing = log.read(query().after(page.position()));

        note(newStream(), "new");

        assertThat(nothing.entries()).isEmpty();
        assertThat(texts(log.read(query().after(nothing.position())).events())).containsExactly("new");
        assertThat(page.entries()).hasSize(1);
    }

    @Test
    void readsFromTheBeginning() {
        AppendResult appended = note(newStream(), "1");

        GlobalPosition position = GlobalPosition.START;
        LogPage page;
        boolean found = false;
        do {
            page = log.read(query().after(position).limitedTo(10_000));
            found |= page.entries().stream()
                    .map(LogEntry::position)
                    .anyMatch(appended.positions().get(0)::equals);
            position = page.position();
        } while (!page.isLast());
        assertThat(found).isTrue();
    }

    @Test
    void readsARetriedAppendOnce() {
        AppendRequest request = AppendRequest.of(newStream(), ExpectedVersion.any(), note("once"));
        store.append(request);
        store.append(request);

        assertThat(texts(LogFilter.ALL)).containsExactly("once");
    }

    @Test
    void readsNothingOfADeletedStream() {
        StreamId deleted = newStream();
        note(deleted, "gone");
        note(newStream(), "stays");

        store.delete(deleted);

        assertThat(texts(LogFilter.ALL)).containsExactly("stays");
    }

    @Test
    void anEventThatCannotBeReadKeepsNoOtherFromItsReader() {
        append(newStream(), new Counted(1));
        note(newStream(), "readable");
        reopen(EventSerialization.builder(EventTypes.of(Noted.class)).build());

        List<LogEntry> entries = log.read(query()).entries();

        assertThat(entries).hasSize(2);
        assertThat(catchThrowable(() -> entries.get(0).events())).isInstanceOf(UnknownEventTypeException.class);
        assertThat(texts(entries.get(1).events())).containsExactly("readable");
    }

    @Test
    void theMarkRisesWithTheEvents() {
        HighWaterMark before = log.highWaterMark();
        AppendResult appended = note(newStream(), "1");

        HighWaterMark after = log.highWaterMark();

        assertThat(after.position()).isEqualTo(appended.positions().get(0)).isGreaterThan(before.position());
        assertThat(after.lag()).isZero();
        assertThat(after.heldBackBy()).isEmpty();
        assertThat(log.read(query()).mark()).isEqualTo(after.position());
    }

    /** After a restore its positions are drawn again: who goes on from there loses events. */
    @Test
    void refusesAPositionThatWasNeverDrawn() {
        GlobalPosition last = note(newStream(), "1").positions().get(0);
        GlobalPosition beyond = new GlobalPosition(last.value() + 1_000);

        assertThatExceptionOfType(PositionAheadOfLogException.class)
                .isThrownBy(() -> log.read(query().after(beyond)))
                .withMessageContainingAll(beyond.toString(), last.toString(), "Nothing was read");
    }

    /** Positions above the last event may be drawn again after a crash. */
    @Test
    void continuesAtAnEventAndNotAtABareMark() {
        GlobalPosition last = note(newStream(), "1").positions().get(0);
        StreamId deleted = newStream();
        note(deleted, "gone");
        store.delete(deleted);

        LogPage page = log.read(query());

        assertThat(page.mark()).isGreaterThan(last);
        assertThat(page.position()).isEqualTo(last);
        assertThat(page.isLast()).isTrue();
    }

    @Test
    void refusesALimitOutOfRange() {
        note(newStream(), "1");
        assertThat(log.read(query()).entries()).hasSize(1);

        for (int limit : new int[] {0, -1, 10_001}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> log.read(query().limitedTo(limit)))
                    .withMessageContainingAll(Integer.toString(limit), "Nothing was read", "1 to 10000");
        }
    }
}
