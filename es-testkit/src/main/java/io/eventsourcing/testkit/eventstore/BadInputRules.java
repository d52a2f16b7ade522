package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.serialization.PayloadNotWritableException;
import io.eventsourcing.core.serialization.PayloadTooLargeException;
import io.eventsourcing.core.serialization.UnregisteredEventClassException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.eventstore.ContractEvent.Noted;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that no store could keep: refused by name, without repeating the payload, and with nothing written. */
abstract class BadInputRules extends StoreRules {

    private static final int LIMIT = 20_000;

    BadInputRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @EventType("contract-amount")
    record Amount(String text, Number number) {}

    @EventType("contract-labelled")
    record Labelled(Map<String, Object> labels) {}

    @EventType("contract-failing")
    record Failing(String text) {
        @Override
        public String text() {
            throw new IllegalStateException("The text is " + text);
        }
    }

    @BeforeEach
    void openStoreOfTheseEvents() {
        reopen(EventSerialization.builder(EventTypes.of(Noted.class, Amount.class, Labelled.class, Failing.class))
                .maxPayloadBytes(LIMIT)
                .build());
    }

    private static Noted secret(String text) {
        return new Noted(Secret.TEXT + text);
    }

    /** A payload, also one in the middle of good ones, is refused, and the stream goes on as if nothing had been. */
    private void assertRefused(Class<? extends Exception> error, Object payload, String reason) {
        assertRefused(error, () -> NewEvent.of(payload), reason);
    }

    private void assertRefused(Class<? extends Exception> error, Supplier<NewEvent> event, String reason) {
        StreamId stream = newStreamOf(1);

        assertThatExceptionOfType(error)
                .isThrownBy(
                        () -> append(stream, ExpectedVersion.exactly(1), List.of(note("2"), event.get(), note("3"))))
                .withMessageContaining(reason)
                .satisfies(Secret::isNotIn);

        assertStreamHolds(stream, "1");
        append(stream, ExpectedVersion.exactly(1), noted(2, 2));
        assertStreamHolds(stream, "1", "2");
    }

    @Test
    void refusesNulInAText() {
        assertRefused(PayloadNotWritableException.class, secret("\u0000"), "U+0000");
        assertRefused(PayloadNotWritableException.class, secret("\\\u0000"), "U+0000");
    }

    @Test
    void refusesNulInTheKeyOfAMap() {
        assertRefused(PayloadNotWritableException.class, new Labelled(Map.of(Secret.TEXT + "\u0000", 1)), "U+0000");
    }

    @Test
    void refusesAnUnpairedSurrogate() {
        assertRefused(PayloadNotWritableException.class, secret("\uD83D"), "contract-noted");
        assertRefused(PayloadNotWritableException.class, secret("\uDE00"), "contract-noted");
        assertRefused(PayloadNotWritableException.class, secret("\uDE00\uD83D!"), "contract-noted");
        assertRefused(PayloadNotWritableException.class, secret("x".repeat(9_000) + "\uD83D"), "contract-noted");
    }

    @Test
    void refusesAnUnpairedSurrogateInTheKeyOfAMap() {
        assertRefused(
                PayloadNotWritableException.class,
                new Labelled(Map.of(Secret.TEXT + "\uD83D", 1)),
                "contract-labelled");
    }

    @Test
    void refusesMetadataThatCannotBeStored() {
        for (String text : List.of("\u0000", "\uD83D")) {
            assertRefused(
                    IllegalArgumentException.class,
                    () -> note("x")
                            .withMetadata(EventMetadata.builder().actor(text).build()),
                    "actor");
            assertRefused(
                    IllegalArgumentException.class,
                    () -> note("x")
                            .withMetadata(EventMetadata.builder()
                                    .attributes(Map.of("key", text))
                                    .build()),
                    "attribute 'key'");
        }
    }

    @Test
    void refusesAnEventWhoseClassIsNotRegistered() {
        assertRefused(
                UnregisteredEventClassException.class,
                new ContractEvent.Counted(1),
                ContractEvent.Counted.class.getName());
    }

    @Test
    void refusesAPayloadThatContainsItself() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);

        assertRefused(
                PayloadNotWritableException.class, new Labelled(Map.of(Secret.TEXT, itself)), "contract-labelled");
    }

    @Test
    void refusesAPayloadThatFailsWhenItIsRead() {
        assertRefused(PayloadNotWritableException.class, new Failing(Secret.TEXT), "IllegalStateException");
        assertRefused(
                PayloadNotWritableException.class,
                new Labelled(Map.of(Secret.TEXT, new Failing(Secret.TEXT))),
                "IllegalStateException");
    }

    @Test
    void refusesAPayloadOverTheLimitAndAcceptsOneAtTheLimit() {
        int overhead = "{\"text\":\"\"}".length();
        String atTheLimit = "x".repeat(LIMIT - overhead);
        StreamId stream = newStream();

        append(stream, ExpectedVersion.any(), new Noted(atTheLimit));

        assertStreamHolds(stream, atTheLimit);
        assertRefused(PayloadTooLargeException.class, new Noted(atTheLimit + "x"), "20001 bytes");
        assertRefused(PayloadTooLargeException.class, secret("😀".repeat(LIMIT / 4)), "at most 20000");
    }

    @Test
    void refusesMetadataOverTheLimit() {
        assertRefused(
                PayloadTooLargeException.class,
                () -> note("x")
                        .withMetadata(
                                EventMetadata.builder().actor("x".repeat(LIMIT)).build()),
                "metadata");
    }

    @Test
    void refusesNumbersOfMoreDigitsThanAStoreKeeps() {
        for (Number number :
                List.of(BigInteger.TEN.pow(16_383), new BigDecimal("1E+16383"), new BigDecimal("1E-16384"))) {
            assertRefused(PayloadNotWritableException.class, new Amount(Secret.TEXT, number), "contract-amount");
        }
    }

    @Test
    void acceptsNumbersOfManyDigits() {
        StreamId stream = newStream();
        Amount large = new Amount("large", BigInteger.TEN.pow(16_382));
        Amount small = new Amount("small", new BigDecimal("1E-9999"));

        append(stream, ExpectedVersion.any(), large, small);

        assertThat(store.load(stream).toList())
                .extracting(event -> event.payload())
                .containsExactly(large, small);
    }

    @Test
    void refusesAnAppendWithoutEvents() {
        StreamId stream = newStreamOf(1);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> append(stream, ExpectedVersion.any(), List.of()))
                .withMessageContaining("no events");

        assertStreamHolds(stream, "1");
    }
}
