package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A column of every type, under names that are words of SQL or no ASCII; each that may be null as well as one that may not. */
@ReadModel(table = "contract_everything")
@SuppressWarnings({"ArrayRecordComponent", "UnicodeInCode"}) // equals compares the bytes; hostile names
record Everything(
        @Id UUID id,
        @Id DayOfWeek day,
        @Id LocalDate select,
        String order,
        @Nullable String größe,
        short small,
        @Nullable Byte tiny,
        int whole,
        @Nullable Integer wholeOrNull,
        long large,
        @Nullable Long largeOrNull,
        float real,
        @Nullable Float realOrNull,
        double exact$ly,
        @Nullable Double user,
        BigDecimal amountOf2Things,
        @Nullable BigInteger huge,
        boolean table,
        @Nullable Boolean isNull,
        @Nullable UUID имя,
        @Nullable LocalDate date,
        @Nullable LocalTime time,
        @Nullable LocalDateTime timestamp,
        Instant at,
        @Nullable OffsetDateTime zoned,
        byte[] bytes,
        List<String> list,
        @Nullable Set<Integer> set,
        @Nullable Map<String, BigDecimal> map,
        @Nullable Part part,
        List<Part> parts) {

    record Part(String name, @Nullable Part inner, @Nullable Instant at) {}

    static final Instant MOMENT = Instant.parse("2026-02-28T12:34:56.789123Z");

    /** Usual values, under another id. */
    static Everything usual() {
        return new Everything(
                UUID.randomUUID(),
                DayOfWeek.MONDAY,
                LocalDate.of(2026, 2, 28),
                "text",
                null,
                (short) 1,
                null,
                2,
                null,
                3L,
                null,
                0.5f,
                null,
                0.25,
                null,
                new BigDecimal("1.10"),
                null,
                true,
                null,
                null,
                null,
                null,
                null,
                MOMENT,
                null,
                new byte[] {1},
                List.of(),
                null,
                null,
                null,
                List.of());
    }

    /** Each with texts that mean something to somebody. */
    static Everything withTexts(String text) {
        Everything usual = usual();
        Map<String, BigDecimal> map = new HashMap<>();
        map.put("k" + text, new BigDecimal("1.50"));
        return new Everything(
                usual.id,
                DayOfWeek.SUNDAY,
                usual.select,
                text,
                text,
                Short.MIN_VALUE,
                Byte.MAX_VALUE,
                Integer.MIN_VALUE,
                Integer.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                -Float.MAX_VALUE,
                Float.MIN_VALUE,
                -Double.MAX_VALUE,
                Double.MIN_VALUE,
                new BigDecimal("-12345678901234567890.12345678900"),
                new BigInteger("-123456789012345678901234567890"),
                false,
                true,
                new UUID(-1, -1),
                LocalDate.of(-4712, 1, 1),
                LocalTime.of(23, 59, 59, 999_999_000),
                LocalDateTime.of(294_275, 12, 31, 23, 59, 59, 999_999_000),
                Instant.parse("-0044-03-15T10:00:00.000001Z"),
                MOMENT.atOffset(ZoneOffset.UTC),
                text.getBytes(StandardCharsets.UTF_16),
                List.of(text, "", text),
                Set.of(-1, 0, 1),
                map,
                new Part(text, new Part("inner " + text, null, MOMENT), null),
                List.of(new Part(text, null, null)));
    }

    /** Numbers that are none, and those around zero. */
    static Everything withOddNumbers() {
        Everything usual = usual();
        return new Everything(
                usual.id,
                usual.day,
                usual.select,
                usual.order,
                "",
                (short) 0,
                (byte) -1,
                0,
                0,
                0L,
                0L,
                Float.NaN,
                Float.NEGATIVE_INFINITY,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                new BigDecimal("0.0000"),
                BigInteger.ZERO,
                false,
                false,
                new UUID(0, 0),
                LocalDate.of(294_275, 12, 31),
                LocalTime.MIDNIGHT,
                LocalDateTime.of(-4712, 1, 1, 0, 0),
                Instant.EPOCH,
                Instant.EPOCH.minusMillis(1).atOffset(ZoneOffset.UTC),
                new byte[0],
                List.of(),
                Set.of(),
                Map.of(),
                new Part("", null, null),
                List.of(new Part("1", null, null), new Part("2", null, null)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Everything that && values().equals(that.values()) && Arrays.equals(bytes, that.bytes);
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(
                id,
                day,
                select,
                order,
                größe,
                small,
                tiny,
                whole,
                wholeOrNull,
                large,
                largeOrNull,
                real,
                realOrNull,
                exact$ly,
                user,
                amountOf2Things,
                huge,
                table,
                isNull,
                имя,
                date,
                time,
                timestamp,
                at,
                zoned,
                list,
                set,
                map,
                part,
                parts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, day, select);
    }
}
