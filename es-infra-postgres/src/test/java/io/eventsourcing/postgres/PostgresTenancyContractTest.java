package io.eventsourcing.postgres;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.testkit.eventstore.StoreUnderTest;
import io.eventsourcing.testkit.eventstore.TenancyContract;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresTenancyContractTest extends TenancyContract {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @Override
    protected StoreUnderTest open(EventSerialization serialization) {
        PostgresEventStore store = new PostgresEventStore(postgres.database().dataSource(), serialization);
        return new StoreUnderTest(store, store);
    }
}
