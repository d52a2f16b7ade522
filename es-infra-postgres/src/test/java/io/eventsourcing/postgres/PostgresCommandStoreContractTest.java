package io.eventsourcing.postgres;

import io.eventsourcing.testkit.command.CommandStoreContract;
import io.eventsourcing.testkit.command.CommandsUnderTest;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresCommandStoreContractTest extends CommandStoreContract {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @Override
    protected CommandsUnderTest open() {
        DataSource dataSource = postgres.database().dataSource();
        PostgresEventStore events = new PostgresEventStore(dataSource, eventSerialization());
        PostgresCommandStore store = new PostgresCommandStore(dataSource, events);
        return new CommandsUnderTest(
                store,
                store,
                store,
                events,
                events,
                claim -> Sql.execute(
                        postgres.database().adminDataSource(),
                        "update eventsourcing.command set ready_at = clock_timestamp() where id = '" + claim.id()
                                + "'"));
    }
}
