package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.readmodel.RowQuery.Order;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The place after a row, as a text that goes through URLs: the values that rows are ordered by, and which order that is. It is no
 * secret, and whoever makes one up gets no rows of other tenants by it.
 */
final class PageCursor {

    private PageCursor() {}

    static String after(Row row, List<Order> order) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(signature(order));
            for (Order column : order) {
                write(row.values().get(column.place()), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // in memory there is none
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static void write(@Nullable Object value, DataOutputStream out) throws IOException {
        byte[] text = value == null ? null : value.toString().getBytes(StandardCharsets.UTF_8);
        out.writeInt(text == null ? -1 : text.length);
        if (text != null) {
            out.write(text);
        }
    }

    /** The values in the order's columns. */
    static List<@Nullable Object> read(String cursor, List<Order> order) {
        List<@Nullable Object> values = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(
                new ByteArrayInputStream(Base64.getUrlDecoder().decode(cursor)))) {
            if (in.readInt() != signature(order)) {
                throw refused();
            }
            for (Order column : order) {
                int length = in.readInt();
                values.add(
                        length == -1
                                ? null
                                : StoredValues.toStored(column.type(), parse(column.type(), text(in, length))));
            }
            if (in.read() != -1) {
                throw refused();
            }
            return values;
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw refused();
        }
    }

    private static String text(DataInputStream in, int length) throws IOException {
        if (length < 0 || length > in.available()) {
            throw refused();
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static Object parse(ColumnType type, String text) {
        return switch (type) {
            case SMALLINT -> Short.valueOf(text);
            case INTEGER -> Integer.valueOf(text);
            case BIGINT -> Long.valueOf(text);
            case REAL -> Float.valueOf(text);
            case DOUBLE -> Double.valueOf(text);
            case NUMERIC -> new BigDecimal(text);
            case BOOLEAN -> Boolean.valueOf(text);
            case UUID -> UUID.fromString(text);
            case DATE -> LocalDate.parse(text);
            case TIME -> LocalTime.parse(text);
            case TIMESTAMP -> LocalDateTime.parse(text);
            case TIMESTAMPTZ -> Instant.parse(text);
            default -> text;
        };
    }

    private static int signature(List<Order> order) {
        StringBuilder columns = new StringBuilder();
        order.forEach(column -> columns.append(column.place()).append(column.isDescending() ? '-' : '+'));
        return columns.toString().hashCode();
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException(
                "The place that the page was to begin after was not made by a page with this order. Nothing was read. Give"
                        + " what ReadModelPage.next() said for a query with the same order, or none to begin with the first page.");
    }
}
