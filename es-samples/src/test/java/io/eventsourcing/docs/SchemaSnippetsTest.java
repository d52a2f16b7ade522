package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.docs.application.OrderEvent;
import io.eventsourcing.docs.application.OrderEvent.Placed;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.SchemaMismatchException;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What docs/operations.md shows. */
class SchemaSnippetsTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();
    private final JdbcClient jdbc = JdbcClient.create(dataSource);

    @Test
    void migratesAndValidates() {
        assertThatThrownBy(() -> new EventStoreSchema(dataSource, "orders").validate())
                .isInstanceOf(SchemaMismatchException.class)
                .hasMessageContaining("The schema 'orders' has no event store");
        // tag::migrate
        new EventStoreSchema(dataSource, "orders").migrate(); // mode "migrate"
        new EventStoreSchema(dataSource, "orders").validate(); // mode "validate"
        // end::migrate
        assertThat(jdbc.sql("select count(*) from orders.flyway_schema_history")
                        .query(Long.class)
                        .single())
                .isPositive();
        assertThat(jdbc.sql("select orders.schema_version()")
                        .query(String.class)
                        .single())
                .startsWith(EventStoreSchema.OLDEST_SUPPORTED.substring(0, 2));
    }

    @Test
    void acceptsTheSchemaThatItsExportedSqlMakes(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("event-store.sql");
        // tag::export
        Files.writeString(file, new EventStoreSchema(dataSource, "exported").toSql());
        // end::export
        new JdbcTemplate(dataSource).execute(Files.readString(file));
        new EventStoreSchema(dataSource, "exported").validate();
        StreamId stream = StreamId.of("order", "o-1");
        PostgresEventStore store =
                new PostgresEventStore(dataSource, EventSerialization.of(OrderEvent.class), "exported");
        store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed("o-1", BigDecimal.ONE)));
        assertThat(store.exists(stream)).isTrue();
    }

    @Test
    void refusesAnUnsupportedSchema() {
        new EventStoreSchema(dataSource, "ahead").migrate();
        jdbc.sql("create or replace function ahead.schema_version() returns text language sql return '2.0'")
                .update();
        assertThatThrownBy(() -> new EventStoreSchema(dataSource, "ahead").validate())
                .hasMessageContaining("is at version 2.0, but this version of the library works with versions from "
                        + EventStoreSchema.OLDEST_SUPPORTED + " on and below 2.0");
        jdbc.sql("create or replace function ahead.schema_version() returns text language sql return '1.99'")
                .update();
        new EventStoreSchema(dataSource, "ahead").validate();
    }

    @Test
    void leavesASchemaThatANewerReleaseHasMigrated() {
        new EventStoreSchema(dataSource, "newer").migrate();
        jdbc.sql("create or replace function newer.schema_version() returns text language sql return '1.99'")
                .update();
        jdbc.sql("insert into newer.flyway_schema_history (installed_rank, version, description, type, script,"
                        + " installed_by, execution_time, success)"
                        + " values (99, '1.99', 'newer', 'SQL', 'V1_99__newer.sql', current_user, 1, true)")
                .update();
        new EventStoreSchema(dataSource, "newer").migrate();
    }

    @Test
    void doesNotMigrateASchemaMadeByTheExportedSql() {
        new JdbcTemplate(dataSource).execute(new EventStoreSchema(dataSource, "by_hand").toSql());
        assertThatThrownBy(() -> new EventStoreSchema(dataSource, "by_hand").migrate())
                .isInstanceOf(SchemaMismatchException.class);
        new EventStoreSchema(dataSource, "by_hand").validate();
    }

    @Test
    void keepsTwoStoresInOneDatabaseApart() {
        StreamId stream = StreamId.of("order", "o-1");
        for (String name : new String[] {"left", "right"}) {
            new EventStoreSchema(dataSource, name).migrate();
            PostgresEventStore store =
                    new PostgresEventStore(dataSource, EventSerialization.of(OrderEvent.class), name);
            store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed("o-1", BigDecimal.ONE)));
        }
    }

    @Test
    void showsPayloadsAsJson() {
        new EventStoreSchema(dataSource).migrate();
        new PostgresEventStore(dataSource, EventSerialization.of(OrderEvent.class))
                .append(AppendRequest.of(
                        StreamId.of("order", "o-1"),
                        ExpectedVersion.noStream(),
                        new Placed("o-1", new BigDecimal("20.00"))));
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        String total = transaction.execute(status -> {
            jdbc.sql("select set_config('eventsourcing.tenant', 'default', true)")
                    .query(String.class)
                    .single();
            return jdbc.sql("select payload ->> 'total' from eventsourcing.event where stream_id = 'o-1'")
                    .query(String.class)
                    .single();
        });
        assertThat(total).isEqualTo("20.00");
    }
}
