package io.eventsourcing.postgres;

import io.eventsourcing.testkit.postgres.PostgresExtension;
import io.eventsourcing.testkit.subscription.CheckpointContract;
import io.eventsourcing.testkit.subscription.CheckpointsUnderTest;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;

class PostgresCheckpointsContractTest extends CheckpointContract {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @Override
    protected CheckpointsUnderTest open() {
        DataSource dataSource = postgres.database().dataSource();
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        return new CheckpointsUnderTest(
                new PostgresCheckpoints(dataSource),
                node -> jdbc.update(
                        "update eventsourcing.lease set expires_at = clock_timestamp() - interval '1 ms' where node = ?",
                        node));
    }
}
