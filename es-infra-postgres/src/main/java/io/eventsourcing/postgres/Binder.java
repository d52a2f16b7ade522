package io.eventsourcing.postgres;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Binds the parameters of one statement, one after the other. */
final class Binder {

    private final PreparedStatement statement;
    private int index;

    Binder(PreparedStatement statement) {
        this.statement = statement;
    }

    Binder text(@Nullable String value) throws SQLException {
        statement.setString(++index, value);
        return this;
    }

    Binder bigint(long value) throws SQLException {
        statement.setLong(++index, value);
        return this;
    }

    Binder integer(int value) throws SQLException {
        statement.setInt(++index, value);
        return this;
    }

    Binder bool(boolean value) throws SQLException {
        statement.setBoolean(++index, value);
        return this;
    }

    Binder uuid(@Nullable UUID value) throws SQLException {
        statement.setObject(++index, value);
        return this;
    }

    Binder bigintOrNull(@Nullable Long value) throws SQLException {
        statement.setObject(++index, value, Types.BIGINT);
        return this;
    }

    Binder instant(@Nullable Instant value) throws SQLException {
        statement.setObject(
                ++index, value == null ? null : value.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
        return this;
    }

    Binder instants(List<@Nullable Instant> values) throws SQLException {
        return array(
                "timestamptz",
                values.stream()
                        .map(value -> value == null
                                ? null
                                : value.atOffset(ZoneOffset.UTC).toString())
                        .toArray(String[]::new));
    }

    Binder texts(List<? extends @Nullable String> values) throws SQLException {
        return array("text", values.toArray(String[]::new));
    }

    Binder bigints(List<? extends @Nullable Long> values) throws SQLException {
        return array("int8", values.toArray(Long[]::new));
    }

    Binder ints(List<Integer> values) throws SQLException {
        return array("int4", values.toArray(Integer[]::new));
    }

    Binder uuids(List<UUID> values) throws SQLException {
        return array("uuid", values.toArray(UUID[]::new));
    }

    private Binder array(String type, @Nullable Object[] values) throws SQLException {
        statement.setArray(++index, statement.getConnection().createArrayOf(type, values));
        return this;
    }
}
