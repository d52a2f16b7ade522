package io.eventsourcing.core.readmodel;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a component's value the one that is stored, and back. Refused is what PostgreSQL cannot keep, in every store alike: its
 * limits stand in its manual, "Data Types".
 */
final class StoredValues {

    private static final int FIRST_YEAR = -4712;
    private static final int LAST_YEAR = 294_275;
    private static final int MAX_SCALE = 16_383;
    private static final int MAX_WHOLE_DIGITS = 131_072;

    private StoredValues() {}

    /**
     * The value to store, of all types but JSON.
     *
     * @throws IllegalArgumentException if no store can keep it; the text says why, and not what it is
     */
    static Object toStored(ColumnType type, Object value) {
        return switch (type) {
            case TEXT -> text(value);
            case SMALLINT -> ((Number) value).shortValue();
            case NUMERIC -> numeric(value instanceof BigInteger whole ? new BigDecimal(whole) : (BigDecimal) value);
            case DATE -> withKnownYear((LocalDate) value);
            case TIME -> ((LocalTime) value).truncatedTo(ChronoUnit.MICROS);
            case TIMESTAMP -> timestamp((LocalDateTime) value);
            case TIMESTAMPTZ -> instant(value instanceof OffsetDateTime zoned ? zoned.toInstant() : (Instant) value);
            case BYTES -> ((byte[]) value).clone();
            default -> value;
        };
    }

    /** The component's value, of all types but JSON. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an enum's own class
    static Object fromStored(Class<?> component, Object stored) {
        if (component.isEnum()) {
            return Enum.valueOf((Class) component, (String) stored);
        }
        if (component == byte.class || component == Byte.class) {
            return ((Number) stored).byteValue();
        }
        if (component == BigInteger.class) {
            return ((BigDecimal) stored).toBigIntegerExact();
        }
        if (component == OffsetDateTime.class) {
            return ((Instant) stored).atOffset(ZoneOffset.UTC);
        }
        return stored instanceof byte[] bytes ? bytes.clone() : stored;
    }

    private static String text(Object value) {
        String text = value instanceof Enum<?> constant ? constant.name() : (String) value;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new IllegalArgumentException("it has the character U+0000 at index " + i);
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isSurrogatePair(c, i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
                    throw new IllegalArgumentException("it has an unpaired surrogate at index " + i);
                }
                i++;
            }
        }
        return text;
    }

    /** PostgreSQL keeps a scale, but none below zero. */
    private static BigDecimal numeric(BigDecimal value) {
        if (value.scale() > MAX_SCALE || (long) value.precision() - value.scale() > MAX_WHOLE_DIGITS) {
            throw new IllegalArgumentException("it has more than " + MAX_WHOLE_DIGITS
                    + " digits before the decimal point or " + MAX_SCALE + " behind it");
        }
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    private static LocalDate withKnownYear(LocalDate date) {
        if (date.getYear() < FIRST_YEAR || date.getYear() > LAST_YEAR) {
            throw new IllegalArgumentException("its year is not from " + FIRST_YEAR + " to " + LAST_YEAR);
        }
        return date;
    }

    private static LocalDateTime timestamp(LocalDateTime value) {
        withKnownYear(value.toLocalDate());
        return value.truncatedTo(ChronoUnit.MICROS);
    }

    private static Instant instant(Instant value) {
        if (value.isBefore(FIRST) || value.isAfter(LAST)) {
            throw new IllegalArgumentException("its year is not from " + FIRST_YEAR + " to " + LAST_YEAR);
        }
        return value.truncatedTo(ChronoUnit.MICROS);
    }

    private static final Instant FIRST =
            LocalDate.of(FIRST_YEAR, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC);
    private static final Instant LAST =
            LocalDate.of(LAST_YEAR, 12, 31).atStartOfDay().toInstant(ZoneOffset.UTC);

    static int compare(ColumnType type, Object one, Object other) {
        return switch (type) {
            case TEXT -> compareCodePoints((String) one, (String) other);
            case UUID -> compareBytes((UUID) one, (UUID) other);
            case REAL -> Float.compare((Float) one + 0.0f, (Float) other + 0.0f); // + 0.0 makes zero of minus zero
            case DOUBLE -> Double.compare((Double) one + 0.0, (Double) other + 0.0);
            default -> compareNaturally(one, other);
        };
    }

    @SuppressWarnings("unchecked") // all other stored classes are comparable with themselves
    private static int compareNaturally(Object one, Object other) {
        return ((Comparable<Object>) one).compareTo(other);
    }

    /** As bytes of UTF-8 are ordered; UTF-16 puts what is beyond the basic plane before some of what is in it. */
    private static int compareCodePoints(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        for (int i = 0; i < shorter; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b)
                        ? Character.compare(a, b)
                        : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    private static int compareBytes(UUID one, UUID other) {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    }

    /**
     * Adds to a stored number.
     *
     * @throws ArithmeticException if the sum is none of the column's, or what is added would be rounded
     */
    static Object add(ColumnType type, Object stored, Number by) {
        return switch (type) {
            case SMALLINT ->
                exact(new BigDecimal(((Short) stored).intValue()).add(decimal(by)))
                        .shortValueExact();
            case INTEGER ->
                exact(new BigDecimal((Integer) stored).add(decimal(by))).intValueExact();
            case BIGINT -> exact(new BigDecimal((Long) stored).add(decimal(by))).longValueExact();
            case REAL -> (Float) stored + by.floatValue();
            case DOUBLE -> (Double) stored + by.doubleValue();
            default -> numeric(((BigDecimal) stored).add(decimal(by)));
        };
    }

    private static BigInteger exact(BigDecimal sum) {
        return sum.toBigIntegerExact();
    }

    private static BigDecimal decimal(Number by) {
        if (by instanceof BigDecimal value) {
            return value;
        }
        if (by instanceof BigInteger value) {
            return new BigDecimal(value);
        }
        return by instanceof Double || by instanceof Float
                ? BigDecimal.valueOf(by.doubleValue())
                : BigDecimal.valueOf(by.longValue());
    }

    /** The value in words that can stand in an error: ids are no payload. */
    static String describe(@Nullable Object id) {
        String text = String.valueOf(id);
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }
}
