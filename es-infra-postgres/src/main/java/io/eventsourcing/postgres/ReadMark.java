package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.AppendInFlight;
import io.eventsourcing.core.log.HighWaterMark;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the high-water mark, asks who holds it back, and finds the last event below it. */
final class ReadMark {

    private final StoreConnection connection;
    private final String sql;
    private final String endSql;
    private final String beforeSql;

    ReadMark(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.endSql = schema.call("log_end", 0);
        this.beforeSql = schema.call("log_before", 1);
        // the activity of other roles is null without pg_read_all_stats
        this.sql = """
                select m.*, a.application_name, extract(epoch from clock_timestamp() - a.xact_start) * 1000 as age
                from (%s) as m
                left join pg_catalog.pg_stat_activity a on a.pid = m.held_by""".formatted(schema.call("high_water_mark", 0));
    }

    /** The last event at or below the mark. */
    GlobalPosition end() {
        return connection.run(endSql, ReadMark::position);
    }

    /** The place before the first event that was recorded then or later. */
    GlobalPosition before(Instant time) {
        return connection.run(beforeSql, statement -> {
            statement.setObject(1, time.atOffset(ZoneOffset.UTC));
            return position(statement);
        });
    }

    private static GlobalPosition position(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            UnsupportedTransactionException.rejectRead(row.getString("refused"), statement);
            return new GlobalPosition(row.getLong("position"));
        }
    }

    HighWaterMark mark() {
        return connection.run(sql, statement -> {
            try (ResultSet row = statement.executeQuery()) {
                return mark(row, statement);
            }
        });
    }

    private static HighWaterMark mark(ResultSet row, PreparedStatement statement) throws SQLException {
        row.next();
        UnsupportedTransactionException.rejectRead(row.getString("refused"), statement);
        return new HighWaterMark(
                new GlobalPosition(row.getLong("mark")),
                new GlobalPosition(row.getLong("last_drawn")),
                Optional.ofNullable(holder(row)));
    }

    private static @Nullable AppendInFlight holder(ResultSet row) throws SQLException {
        Integer backend = row.getObject("held_by", Integer.class);
        String prepared = row.getString("held_by_prepared");
        if (backend == null && prepared == null) {
            return null;
        }
        double millis = row.getDouble("age");
        Duration age = row.wasNull() ? null : Duration.ofMillis(Math.max(0, Math.round(millis)));
        return new AppendInFlight(backend, prepared, row.getString("application_name"), age);
    }
}
