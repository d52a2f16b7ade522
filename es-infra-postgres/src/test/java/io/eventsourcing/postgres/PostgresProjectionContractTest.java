package io.eventsourcing.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import io.eventsourcing.testkit.projection.ProjectionContract;
import io.eventsourcing.testkit.projection.ProjectionsUnderTest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresProjectionContractTest extends ProjectionContract {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final AtomicInteger TESTS = new AtomicInteger();

    /** As in an application: these tests look often. */
    private final HikariDataSource dataSource = pool();

    private String schema;

    /** A store and tables of its own. */
    @BeforeEach
    void migrate() {
        schema = "store_" + TESTS.incrementAndGet();
        new EventStoreSchema(dataSource, schema).migrate();
        Sql.execute(dataSource, "create schema " + tables());
    }

    private static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(postgres.database().dataSource());
        config.setMaximumPoolSize(20);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    @AfterEach
    void closePool() {
        dataSource.close();
    }

    private String tables() {
        return schema + "_tables";
    }

    @Override
    protected ProjectionsUnderTest open(EventSerialization serialization) {
        ReadModelTables tables = new ReadModelTables(dataSource, schema, tables(), ReadModelTables.Mode.CREATE, null);
        PostgresEventStore events = new PostgresEventStore(dataSource, serialization, schema);
        return new ProjectionsUnderTest(
                events,
                new PostgresEventLog(dataSource, serialization, schema),
                new PostgresCheckpoints(dataSource, schema),
                new PostgresProjections(dataSource, dataSource, schema, tables),
                new PostgresReadModels(dataSource, tables),
                new PostgresInlineProjections(dataSource, events, schema, tables));
    }
}
