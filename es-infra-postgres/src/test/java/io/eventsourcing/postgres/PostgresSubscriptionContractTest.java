package io.eventsourcing.postgres;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import io.eventsourcing.testkit.subscription.SubscriptionContract;
import io.eventsourcing.testkit.subscription.SubscriptionsUnderTest;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSubscriptionContractTest extends SubscriptionContract {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @Override
    protected SubscriptionsUnderTest open(EventSerialization serialization) {
        DataSource dataSource = postgres.database().dataSource();
        return new SubscriptionsUnderTest(
                new PostgresEventStore(dataSource, serialization),
                new PostgresEventLog(dataSource, serialization),
                new PostgresCheckpoints(dataSource));
    }
}
