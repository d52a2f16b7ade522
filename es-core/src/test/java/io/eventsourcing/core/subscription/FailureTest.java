package io.eventsourcing.core.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.TransientStoreException;
import io.eventsourcing.core.serialization.UnknownEventTypeException;
import io.eventsourcing.core.stream.StreamId;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {

    static Stream<Arguments> errors() {
        return Stream.of(
                arguments(new SegmentLostException(new Checkpoint(new SegmentId("s", 1), Entries.at(1), 1)), "LOST"),
                arguments(ofHandler(new IllegalStateException("no")), "EVENT"),
                arguments(ofHandler(new AssertionError("no")), "EVENT"),
                arguments(ofHandler(new SQLException("duplicate", "23505")), "EVENT"),
                arguments(ofHandler(new SQLException("deadlock", "40P01")), "EVENT"),
                arguments(ofHandler(new SQLException("no connection", "08006")), "UNAVAILABLE"),
                arguments(ofHandler(new SQLException("too many", "53300")), "UNAVAILABLE"),
                arguments(ofHandler(new SQLException("shutting down", "57P01")), "UNAVAILABLE"),
                arguments(ofHandler(new SQLException("a standby", "25006")), "UNAVAILABLE"),
                arguments(new EventStoreRefusedException("no", new SQLException("a standby", "25006")), "UNAVAILABLE"),
                arguments(ofHandler(new SQLException("no such table", "42P01")), "CONFIGURATION"),
                arguments(ofHandler(new SQLException("no such schema", "3F000")), "CONFIGURATION"),
                arguments(ofHandler(new NoClassDefFoundError("X")), "CONFIGURATION"),
                arguments(ofHandler(new StopSubscriptionException("stop")), "CONFIGURATION"),
                arguments(ofHandler(new SQLException("without a state")), "EVENT"),
                arguments(ofHandler(new SQLTransientConnectionException("no connection in 30 s")), "UNAVAILABLE"),
                arguments(ofHandler(new SQLNonTransientConnectionException("closed")), "UNAVAILABLE"),
                arguments(ofHandler(new SQLException("too long without a statement", "25P03")), "UNAVAILABLE"),
                arguments(ofHandler(new SQLException("no privilege", "42501")), "CONFIGURATION"),
                arguments(ofHandler(new SQLException("violates row-level security policy", "42501")), "EVENT"),
                arguments(refused("violates row-level security policy", "42501"), "EVENT"),
                arguments(ofHandler(new SQLException("transaction is aborted", "25P02")), "EVENT"),
                arguments(refused("transaction is aborted", "25P02"), "EVENT"),
                arguments(ofHandler(unknownType()), "CONFIGURATION"),
                arguments(new EventStoreUnavailableException("away", new IllegalStateException()), "UNAVAILABLE"),
                arguments(
                        new TransientStoreException("deadlock", new SQLException("deadlock", "40P01")), "UNAVAILABLE"),
                arguments(refused("too long", "22001"), "EVENT"),
                arguments(refused("duplicate", "23505"), "EVENT"),
                arguments(refused("no privilege", "42501"), "CONFIGURATION"),
                arguments(refused("an input or output error", "58030"), "UNAVAILABLE"),
                arguments(refused("an internal error", "XX000"), "UNAVAILABLE"),
                arguments(refused("cached plan must not change result type", "0A000"), "UNAVAILABLE"),
                arguments(refused("no such prepared statement, behind a pooler", "26000"), "UNAVAILABLE"),
                arguments(refused("raised by a function of the store", "P0001"), "CONFIGURATION"),
                arguments(refused("no such function", "42883"), "CONFIGURATION"),
                arguments(new EventStoreRefusedException("as it is"), "CONFIGURATION"),
                arguments(new IllegalStateException("a defect of the store"), "EVENT"));
    }

    private static Throwable unknownType() {
        return new UnknownEventTypeException(
                Entries.entry(1, StreamId.of("clock", "a")).stored());
    }

    private static Throwable refused(String message, String state) {
        return new EventStoreRefusedException(message, new SQLException(message, state));
    }

    private static Throwable ofHandler(Throwable error) {
        return new HandlerFailedException(0, new IllegalStateException("wrapped", error));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void anErrorTellsByItselfWhoIsAtFault(Throwable error, Failure expected) {
        assertThat(Failure.of(error)).isEqualTo(expected);
    }

    @Test
    void anErrorThatIsItsOwnCauseIsLookedAtOnceOrTwice() {
        Exception inner = new Exception("inner");
        Exception outer = new Exception("outer", inner);
        inner.initCause(outer);

        assertThat(Failure.of(new HandlerFailedException(0, inner))).isEqualTo(Failure.EVENT);
    }

    static Stream<Throwable> errorsThatCannotDescribeThemselves() {
        return Stream.of(
                new Mute(() -> null),
                new Mute(() -> {
                    throw new IllegalStateException("made of what is not there");
                }),
                new Mute(() -> {
                    throw new NoClassDefFoundError("X");
                }));
    }

    /** Or the event would never be parked, and hold up its segment for ever. */
    @ParameterizedTest
    @MethodSource("errorsThatCannotDescribeThemselves")
    void anErrorThatCannotDescribeItselfIsNamedByItsClass(Throwable error) {
        assertThat(Failure.describe(new HandlerFailedException(0, error))).isEqualTo(Mute.class.getName());
    }

    private static final class Mute extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Supplier<String> text;

        Mute(Supplier<String> text) {
            this.text = text;
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // as errors of others do
        public String toString() {
            return text.get();
        }
    }

    @Test
    void theDescriptionIsThatOfTheFirstErrorAndNotOfWhatNamesTheEvent() {
        RecordedEvent event =
                Entries.entry(11, StreamId.of("clock", "c")).events().get(0);
        IllegalStateException own = new IllegalStateException("own", new IllegalArgumentException("deeper"));

        assertThat(Failure.describe(new HandlerFailedException(0, new EventNotHandledException(event, own))))
                .isEqualTo("java.lang.IllegalStateException: own");
    }

    @Test
    void theDescriptionCanBeStoredWhateverTheMessageIs() {
        assertThat(Failure.describe(new HandlerFailedException(0, new IllegalStateException("a\u0000b\nc"))))
                .isEqualTo("java.lang.IllegalStateException: a b c");
        assertThat(Failure.describe(new IllegalStateException("\ud800 alone"))).endsWith("  alone");
        assertThat(Failure.describe(new IllegalStateException("😀".repeat(5_000))))
                .hasSizeLessThanOrEqualTo(2_000);
    }
}
