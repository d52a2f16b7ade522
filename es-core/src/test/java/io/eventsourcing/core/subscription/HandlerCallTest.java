package io.eventsourcing.core.subscription;

import static io.eventsourcing.core.subscription.Entries.entry;
import static io.eventsourcing.core.subscription.Entries.unreadable;
import static io.eventsourcing.core.subscription.Entries.unwanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.serialization.EventNotReadableException;
import io.eventsourcing.core.stream.StreamId;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** What a handler gets of a batch, and which of its events a failure belongs to. */
class HandlerCallTest {

    private static final StreamId CLOCK = StreamId.of("clock", "c");

    private final List<Long> handled = new ArrayList<>();
    private final HandlerCall call = new HandlerCall(
            events -> events.forEach(event -> handled.add(event.position().value())));

    private static void assertFailsAt(int index, AbstractThrowableAssert<?, ?> failure) {
        failure.asInstanceOf(type(HandlerFailedException.class))
                .extracting(HandlerFailedException::index)
                .isEqualTo(index);
    }

    @Test
    void handlesWhatStandsBeforeTheFirstThatCannotBeRead() {
        assertThat(call.handle(List.of(entry(11, CLOCK), entry(12, CLOCK), unreadable(13), entry(14, CLOCK))))
                .isEqualTo(2);
        assertThat(handled).containsExactly(11L, 12L);
    }

    @Test
    void whatCannotBeReadFailsInItsTurn() {
        assertFailsAt(
                0,
                assertThatThrownBy(() -> call.handle(List.of(unreadable(11), entry(12, CLOCK))))
                        .hasCauseInstanceOf(EventNotReadableException.class));
        assertThat(handled).isEmpty();
    }

    /** Or the segment would try for ever, and no event would ever be parked. */
    @Test
    void whatFailsWithAnErrorOfAnyKindWhenItIsReadFailsInItsTurn() {
        assertThat(call.handle(List.of(entry(11, CLOCK), Entries.fragile(12)))).isEqualTo(1);
        assertFailsAt(0, assertThatThrownBy(() -> call.handle(List.of(Entries.fragile(12)))));
    }

    @Test
    void whatIsNotWantedAfterUpcastingIsHandledWithoutACall() {
        HandlerCall uncalled = new HandlerCall(events -> {
            throw new AssertionError("called with " + events);
        });

        assertThat(uncalled.handle(List.of(unwanted(11), unwanted(12)))).isEqualTo(2);
        assertThat(call.handle(List.of(unwanted(11), entry(12, CLOCK)))).isEqualTo(2);
        assertThat(handled).containsExactly(12L);
    }

    @Test
    void aFailureBelongsToTheEventThatIsNamedOrToTheOnlyOne() {
        List<LogEntry> batch = List.of(entry(11, CLOCK), entry(12, CLOCK));
        IllegalStateException error = new IllegalStateException("no");

        assertFailsAt(1, assertThatThrownBy(() -> naming(batch.get(1), error).handle(batch)));
        assertFailsAt(
                -1, assertThatThrownBy(() -> naming(entry(99, CLOCK), error).handle(batch)));
        HandlerCall failing = new HandlerCall(events -> {
            throw error;
        });
        assertFailsAt(-1, assertThatThrownBy(() -> failing.handle(batch)).hasCause(error));
        assertFailsAt(
                0, assertThatThrownBy(() -> failing.handle(batch.subList(0, 1))).hasCause(error));
    }

    private static HandlerCall naming(LogEntry failed, Exception error) {
        return new HandlerCall(events -> {
            throw new EventNotHandledException(failed.events().get(0), error);
        });
    }
}
