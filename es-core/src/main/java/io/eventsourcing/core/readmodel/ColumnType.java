package io.eventsourcing.core.readmodel;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a column of a read model holds. The values of a row are kept in one class for each type, the {@linkplain #storedClass() stored
 * class}, whatever the component's own class is, and so that every store gives back what it was given: instants and times in
 * microseconds, decimal numbers with their scale.
 */
public enum ColumnType {
    /** Texts and enums. */
    TEXT(String.class),
    /** Whole numbers of 16 bits. */
    SMALLINT(Short.class),
    /** Whole numbers of 32 bits. */
    INTEGER(Integer.class),
    /** Whole numbers of 64 bits. */
    BIGINT(Long.class),
    /** Floating point of 32 bits. */
    REAL(Float.class),
    /** Floating point of 64 bits. */
    DOUBLE(Double.class),
    /** Decimal numbers, and whole numbers of any size. */
    NUMERIC(BigDecimal.class),
    /** Truth values. */
    BOOLEAN(Boolean.class),
    /** UUIDs. */
    UUID(UUID.class),
    /** Days. */
    DATE(LocalDate.class),
    /** Times of a day. */
    TIME(LocalTime.class),
    /** Days and times without a zone. */
    TIMESTAMP(LocalDateTime.class),
    /** Moments. */
    TIMESTAMPTZ(Instant.class),
    /** Bytes. */
    BYTES(byte[].class),
    /** Lists, sets, maps and records, as JSON. */
    JSON(String.class);

    private static final Map<Class<?>, ColumnType> BY_CLASS = Map.ofEntries(
            Map.entry(String.class, TEXT),
            Map.entry(byte.class, SMALLINT),
            Map.entry(Byte.class, SMALLINT),
            Map.entry(short.class, SMALLINT),
            Map.entry(Short.class, SMALLINT),
            Map.entry(int.class, INTEGER),
            Map.entry(Integer.class, INTEGER),
            Map.entry(long.class, BIGINT),
            Map.entry(Long.class, BIGINT),
            Map.entry(float.class, REAL),
            Map.entry(Float.class, REAL),
            Map.entry(double.class, DOUBLE),
            Map.entry(Double.class, DOUBLE),
            Map.entry(BigDecimal.class, NUMERIC),
            Map.entry(BigInteger.class, NUMERIC),
            Map.entry(boolean.class, BOOLEAN),
            Map.entry(Boolean.class, BOOLEAN),
            Map.entry(UUID.class, UUID),
            Map.entry(LocalDate.class, DATE),
            Map.entry(LocalTime.class, TIME),
            Map.entry(LocalDateTime.class, TIMESTAMP),
            Map.entry(Instant.class, TIMESTAMPTZ),
            Map.entry(OffsetDateTime.class, TIMESTAMPTZ),
            Map.entry(byte[].class, BYTES));

    private static final Set<Class<?>> IN_JSON = Set.of(List.class, Set.class, Collection.class, Map.class);

    /** What tells rows apart must be equal exactly when the database says so. */
    private static final Set<ColumnType> NO_ID = Set.of(REAL, DOUBLE, NUMERIC, BYTES, JSON);

    private static final Set<ColumnType> WITHOUT_ORDER = Set.of(BYTES, JSON);

    private static final Set<ColumnType> NUMBERS = Set.of(SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, NUMERIC);

    private final Class<?> storedClass;

    ColumnType(Class<?> storedClass) {
        this.storedClass = storedClass;
    }

    /** The type of the column for a component of this class; empty if there is none. */
    static Optional<ColumnType> of(Class<?> component) {
        ColumnType known = BY_CLASS.get(component);
        if (known != null) {
            return Optional.of(known);
        }
        if (component.isEnum()) {
            return Optional.of(TEXT);
        }
        return component.isRecord() || IN_JSON.contains(component) ? Optional.of(JSON) : Optional.empty();
    }

    /**
     * The class of the values that are stored.
     *
     * @return the class
     */
    public Class<?> storedClass() {
        return storedClass;
    }

    /**
     * Whether it can tell rows apart.
     *
     * @return false if equal values may differ
     */
    public boolean mayIdentify() {
        return !NO_ID.contains(this);
    }

    /**
     * Whether rows can be sorted by it.
     *
     * @return true if it has an order
     */
    public boolean hasOrder() {
        return !WITHOUT_ORDER.contains(this);
    }

    /** Whether it can be added to. */
    boolean isNumber() {
        return NUMBERS.contains(this);
    }

    /**
     * Compares two stored values as every store orders them: texts by code points, UUIDs by their bytes, minus zero as zero.
     *
     * @param one a stored value
     * @param other a stored value
     * @return as {@link Comparable#compareTo}
     */
    public int compare(Object one, Object other) {
        return StoredValues.compare(this, one, other);
    }
}
