package io.eventsourcing.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/** The baseline: one prepared single-row insert, one commit, no checks. */
final class BareJdbcInsert implements Contender {

    private static final String INSERT = """
            insert into baseline.event
                (tenant, stream_type, stream_id, version, event_id, type, schema_version, payload, metadata)
            values ('default', 'bench', ?, ?, ?, 'measured', 1, ?::jsonb, '{}')
            """;

    private final DataSource dataSource;
    private final String payload;

    BareJdbcInsert(DataSource dataSource) {
        this.dataSource = dataSource;
        this.payload = "{\"text\":\"" + Measured.TEXT + "\"}";
    }

    @Override
    public void append(String streamId, int number) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, streamId);
            statement.setLong(2, number);
            statement.setObject(3, UUID.randomUUID());
            statement.setString(4, payload);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
