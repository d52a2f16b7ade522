package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.eventstore.ContractEvent.Noted;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Payloads come back equal to what was appended, whatever their components hold. */
abstract class PayloadRules extends StoreRules {

    PayloadRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @EventType("contract-numbers")
    record Numbers(
            long integer,
            double floating,
            float shorter,
            @Nullable BigDecimal decimal,
            @Nullable BigInteger large) {}

    @EventType("contract-times")
    record Times(
            Instant instant,
            LocalDate date,
            LocalTime time,
            LocalDateTime dateTime,
            OffsetDateTime offset,
            Duration duration,
            Period period) {}

    @EventType("contract-nested")
    record Nested(
            @Nullable Money price,
            List<@Nullable Money> prices,
            Map<String, List<Integer>> numbers,
            Set<Colour> colours,
            Optional<Money> discount,
            @Nullable Boolean known) {}

    @EventType("contract-others")
    record Others(UUID id, URI address, char letter, boolean flag, Optional<Integer> count) {}

    @EventType("contract-nothing")
    record Nothing() {}

    record Money(BigDecimal amount, Colour colour) {}

    enum Colour {
        RED,
        DARK_BLUE {
            @Override
            public String toString() {
                return "dark blue";
            }
        }
    }

    @BeforeEach
    void openStoreOfTheseEvents() {
        reopen(EventSerialization.of(
                Noted.class, Numbers.class, Times.class, Nested.class, Others.class, Nothing.class));
    }

    private void assertComesBackEqual(Object... payloads) {
        StreamId stream = newStream();

        append(stream, ExpectedVersion.noStream(), payloads);

        assertThat(store.load(stream).toList())
                .extracting(event -> event.payload())
                .containsExactly(payloads);
    }

    @Test
    void keepsDecimalsWithTheirScale() {
        assertComesBackEqual(Stream.of(
                        "0",
                        "0.00",
                        "1.10",
                        "-1.50",
                        "100",
                        "12345678901234567890.123456789012345678900",
                        "0.000000000000000000001")
                .map(number -> new Numbers(0, 0, 0, new BigDecimal(number), null))
                .toArray());
    }

    @Test
    void keepsLongsToTheirExtremes() {
        assertComesBackEqual(Stream.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, 9_007_199_254_740_993L)
                .map(number -> new Numbers(number, 0, 0, null, null))
                .toArray());
    }

    @Test
    void keepsDoublesToTheirExtremes() {
        assertComesBackEqual(Stream.of(
                        0.1,
                        1.0 / 3,
                        -2.5e-8,
                        1e21,
                        Double.MAX_VALUE,
                        -Double.MAX_VALUE,
                        Double.MIN_VALUE,
                        Double.MIN_NORMAL,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY)
                .map(number -> new Numbers(0, number, 0, null, null))
                .toArray());
    }

    @Test
    void keepsFloatsToTheirExtremes() {
        assertComesBackEqual(Stream.of(0.1f, Float.MAX_VALUE, Float.MIN_VALUE, Float.NaN)
                .map(number -> new Numbers(0, 0, number, null, null))
                .toArray());
    }

    @Test
    void keepsLargeIntegers() {
        assertComesBackEqual(
                Stream.of(BigInteger.TWO.pow(64), BigInteger.TEN.pow(900).negate(), BigInteger.TEN.pow(5_000))
                        .map(number -> new Numbers(0, 0, 0, null, number))
                        .toArray());
    }

    @Test
    void keepsTimes() {
        Times usual = new Times(
                Instant.parse("2024-02-29T23:59:59.123456789Z"),
                LocalDate.of(2024, 2, 29),
                LocalTime.of(23, 59, 59, 1),
                LocalDateTime.of(2024, 3, 31, 2, 30),
                OffsetDateTime.parse("2024-01-01T00:00:00+05:30"),
                Duration.ofSeconds(90, 1),
                Period.of(1, 2, 3));
        Times unusual = new Times(
                Instant.parse("-0044-03-15T12:00:00Z"),
                LocalDate.of(-43, 3, 15),
                LocalTime.MIDNIGHT,
                LocalDateTime.of(12_345, 1, 1, 0, 0),
                OffsetDateTime.parse("1900-01-01T00:00:00-11:00"),
                Duration.ofDays(-10_000).minusNanos(1),
                Period.ZERO);

        assertComesBackEqual(usual, unusual);
    }

    @Test
    void keepsNestedRecordsListsAndMaps() {
        Money money = new Money(new BigDecimal("9.90"), Colour.DARK_BLUE);

        assertComesBackEqual(
                new Nested(
                        money,
                        List.of(money, new Money(BigDecimal.ONE, Colour.RED)),
                        Map.of("one", List.of(1), "none", List.of(), "", List.of(1, 2, 3)),
                        Set.of(Colour.RED, Colour.DARK_BLUE),
                        Optional.of(money),
                        true),
                new Nested(money, List.of(), Map.of(), Set.of(), Optional.empty(), false));
    }

    @Test
    void keepsNullComponentsAndNullElements() {
        Money money = new Money(BigDecimal.TEN, Colour.RED);

        assertComesBackEqual(
                new Nested(null, Arrays.asList(money, null, money), Map.of(), Set.of(), Optional.empty(), null));
    }

    @Test
    void keepsOtherValues() {
        assertComesBackEqual(
                new Others(UUID.randomUUID(), URI.create("https://example.org/?q=%20#f"), 'x', true, Optional.of(7)),
                new Others(new UUID(0, 0), URI.create(""), '"', false, Optional.empty()));
    }

    @Test
    void keepsAnEventWithoutComponents() {
        assertComesBackEqual(new Nothing());
    }

    @Test
    void keepsAnyTextButNul() {
        assertComesBackEqual(Texts.UNUSUAL.stream().map(Noted::new).toArray());
    }

    @Test
    void keepsAnyTextAsTheKeyOfAMap() {
        assertComesBackEqual(Texts.UNUSUAL.stream()
                .map(text -> new Nested(null, List.of(), Map.of(text, List.of(1)), Set.of(), Optional.empty(), null))
                .toArray());
    }

    @Test
    void keepsLongTexts() {
        assertComesBackEqual(new Noted("x".repeat(900_000)), new Noted("😀".repeat(200_000)));
    }
}
