package io.eventsourcing.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The baseline, on one thread: reads the library's event table page by page, position and payload alone, makes records of the JSON, and
 * writes each page by one upsert and one update of a checkpoint, in one transaction. No filter, no segments, no lease, no row-level
 * security on what it writes.
 */
final class BareCatchUp implements CatchUp {

    private static final int PAGE = 1_000;

    private static final String READ = """
            select position, payload::text from eventsourcing.event where position > ? and type = 'line-changed'
            order by position limit ?""";

    private static final String UPSERT = """
            insert into bare_line (tenant, key, number, text)
            select 'default', u.key, u.number, u.text
            from unnest(?::text[], ?::int4[], ?::text[]) as u (key, number, text)
            on conflict (tenant, key) do update set number = excluded.number, text = excluded.text""";

    private static final String CHECKPOINT = "update bare_checkpoint set position = ?";

    private final DataSource dataSource;
    private final ObjectReader reader = new JsonMapper().readerFor(LineChanged.class);

    BareCatchUp(DataSource dataSource) {
        this.dataSource = dataSource;
        SqlScript.run(
                dataSource,
                "create table bare_line (like line including all)",
                "create table bare_checkpoint (position bigint not null)",
                "insert into bare_checkpoint values (0)");
    }

    @Override
    public void reset() {
        SqlScript.run(dataSource, "truncate bare_line", "update bare_checkpoint set position = 0");
    }

    @Override
    public void run() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            SqlScript.readAllTenants(connection);
            connection.commit();
            long position = 0;
            long before;
            do {
                before = position;
                position = page(connection, before);
            } while (position > before);
        }
    }

    private long page(Connection connection, long after) throws SQLException {
        long position = after;
        Map<String, LineChanged> lines = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setLong(1, after);
            statement.setInt(2, PAGE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    position = row.getLong(1);
                    LineChanged event = reader.readValue(row.getString(2));
                    lines.put(event.key(), event);
                }
            }
        }
        if (position > after) {
            write(connection, lines.values(), position);
        }
        connection.commit();
        return position;
    }

    private static void write(Connection connection, Collection<LineChanged> lines, long position) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT);
                PreparedStatement checkpoint = connection.prepareStatement(CHECKPOINT)) {
            upsert.setArray(1, connection.createArrayOf("text", column(lines, LineChanged::key)));
            upsert.setArray(2, connection.createArrayOf("int4", column(lines, LineChanged::number)));
            upsert.setArray(3, connection.createArrayOf("text", column(lines, LineChanged::text)));
            upsert.executeUpdate();
            checkpoint.setLong(1, position);
            checkpoint.executeUpdate();
        }
    }

    private static Object[] column(Collection<LineChanged> lines, Function<LineChanged, Object> value) {
        return lines.stream().map(value).toArray();
    }

    @Override
    public String table() {
        return "bare_line";
    }
}
