package io.eventsourcing.postgres;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.testkit.command.CommandsUnderTest;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import io.eventsourcing.testkit.saga.SagaContract;
import io.eventsourcing.testkit.saga.SagasUnderTest;
import io.eventsourcing.testkit.subscription.SubscriptionsUnderTest;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSagaContractTest extends SagaContract {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @Override
    protected SagasUnderTest open(EventSerialization serialization) {
        DataSource dataSource = postgres.database().dataSource();
        PostgresEventStore events = new PostgresEventStore(dataSource, serialization);
        PostgresCommandStore commands = new PostgresCommandStore(dataSource, events);
        return new SagasUnderTest(
                new PostgresSagaStore(dataSource),
                new SubscriptionsUnderTest(
                        events, new PostgresEventLog(dataSource, serialization), new PostgresCheckpoints(dataSource)),
                new CommandsUnderTest(commands, commands, commands, events, events, claim -> {}));
    }
}
