package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A page is bounded in bytes, whatever makes its events large. */
class PageSizeTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final String LARGE = "x".repeat(900_000);

    private final DataSource dataSource = postgres.database().dataSource();
    private final PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    static Stream<NewEvent> largeEvents() {
        return Stream.of(
                NewEvent.of(new Noted(LARGE)),
                NewEvent.of(new Noted("small"))
                        .withMetadata(EventMetadata.builder()
                                .attributes(Map.of("large", LARGE))
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("largeEvents")
    void aPageHoldsAFewLargeEvents(NewEvent event) {
        EventLogPort log = new PostgresEventLog(dataSource, Noted.SERIALIZATION);
        LogQuery query = LogQuery.startingAfter(log.now());
        StreamId stream = Noted.newStream();
        for (int i = 0; i < 8; i++) {
            store.append(AppendRequest.of(
                    stream, ExpectedVersion.any(), NewEvent.of(event.payload()).withMetadata(event.metadata())));
        }
        StoreConnection connection = new StoreConnection(dataSource);
        SchemaName schema = new SchemaName(EventStoreSchema.DEFAULT_NAME);

        assertThat(log.read(query).entries()).hasSize(3);
        assertThat(new LoadStream(connection, schema).page(stream, 1, 8, 100).events())
                .hasSize(3);
        assertThat(new LoadStreamBackward(connection, schema)
                        .page(stream, 8, 100)
                        .events())
                .hasSize(3);
        assertThat(store.load(stream).toList()).hasSize(8);
    }
}
