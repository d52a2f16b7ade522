package io.eventsourcing.postgres;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.testkit.eventstore.EventLogContract;
import io.eventsourcing.testkit.eventstore.LogUnderTest;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresEventLogContractTest extends EventLogContract {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @Override
    protected LogUnderTest open(EventSerialization serialization) {
        DataSource dataSource = postgres.database().dataSource();
        return new LogUnderTest(
                new PostgresEventStore(dataSource, serialization), new PostgresEventLog(dataSource, serialization));
    }
}
