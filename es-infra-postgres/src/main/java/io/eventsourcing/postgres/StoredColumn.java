package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.ColumnType;
import java.lang.reflect.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoEra;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Binds and reads the stored values of a column. Stateless. */
final class StoredColumn {

    /** Without the sign that Java writes before years of more than four digits. */
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR_OF_ERA, 4, 9, SignStyle.NOT_NEGATIVE)
            .appendPattern("-MM-dd")
            .toFormatter(Locale.ROOT);

    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DATE)
            .appendPattern("'T'HH:mm:ss.SSSSSS")
            .toFormatter(Locale.ROOT);

    private StoredColumn() {}

    /** The type of array in which values of a column are sent; what has no binary form is sent as text, and cast. */
    static String arrayOf(ColumnType type) {
        return switch (type) {
            case SMALLINT -> "int2";
            case INTEGER -> "int4";
            case BIGINT -> "int8";
            case REAL -> "float4";
            case DOUBLE -> "float8";
            case NUMERIC -> "numeric";
            case BOOLEAN -> "bool";
            case UUID -> "uuid";
            case BYTES -> "bytea";
            default -> "text";
        };
    }

    /** The cast from the elements of that array to the column; empty if there is none. */
    static String cast(ColumnType type) {
        return switch (type) {
            case DATE, TIME, TIMESTAMP, TIMESTAMPTZ, JSON -> "::" + ReadModelDdl.typeOf(type);
            default -> "";
        };
    }

    static void bindArray(
            PreparedStatement statement, int index, ColumnType type, List<? extends @Nullable Object> values)
            throws SQLException {
        @Nullable Object[] elements = (Object[]) Array.newInstance(elementClass(type), values.size());
        for (int i = 0; i < elements.length; i++) {
            Object value = values.get(i);
            elements[i] = value == null ? null : sent(type, value);
        }
        statement.setArray(index, statement.getConnection().createArrayOf(arrayOf(type), elements));
    }

    private static Class<?> elementClass(ColumnType type) {
        return cast(type).isEmpty() ? type.storedClass() : String.class;
    }

    private static Object sent(ColumnType type, Object value) {
        return switch (type) {
            case DATE -> date((LocalDate) value);
            case TIME -> value.toString();
            case TIMESTAMP -> timestamp((LocalDateTime) value) + era(((LocalDateTime) value).toLocalDate());
            case TIMESTAMPTZ -> instant((Instant) value);
            default -> value;
        };
    }

    private static String date(LocalDate date) {
        return DATE.format(date) + era(date);
    }

    private static String timestamp(LocalDateTime value) {
        return TIMESTAMP.format(value);
    }

    private static String instant(Instant value) {
        LocalDateTime utc = LocalDateTime.ofInstant(value, ZoneOffset.UTC);
        return timestamp(utc) + "Z" + era(utc.toLocalDate());
    }

    /** The year of the pattern is that of its era, as PostgreSQL writes it. */
    private static String era(LocalDate date) {
        return date.getEra() == IsoEra.BCE ? " BC" : "";
    }

    /** Binds a single value, for a parameter that is cast where it has no type of its own. */
    static void bind(PreparedStatement statement, int index, ColumnType type, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.OTHER);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else {
            statement.setObject(index, sent(type, value));
        }
    }

    static @Nullable Object read(ResultSet row, int index, ColumnType type) throws SQLException {
        Object value = switch (type) {
            case TEXT, JSON -> row.getString(index);
            case SMALLINT -> row.getShort(index);
            case INTEGER -> row.getInt(index);
            case BIGINT -> row.getLong(index);
            case REAL -> row.getFloat(index);
            case DOUBLE -> row.getDouble(index);
            case NUMERIC -> row.getBigDecimal(index);
            case BOOLEAN -> row.getBoolean(index);
            case UUID -> row.getObject(index, UUID.class);
            case DATE -> row.getObject(index, LocalDate.class);
            case TIME -> row.getObject(index, LocalTime.class);
            case TIMESTAMP -> row.getObject(index, LocalDateTime.class);
            case TIMESTAMPTZ -> instant(row.getObject(index, OffsetDateTime.class));
            case BYTES -> row.getBytes(index);
        };
        return row.wasNull() ? null : value;
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime value) {
        return value == null ? null : value.toInstant();
    }
}
