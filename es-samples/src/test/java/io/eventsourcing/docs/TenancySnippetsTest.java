package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.docs.application.OrderEvent;
import io.eventsourcing.docs.application.OrderEvent.Placed;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.math.BigDecimal;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What docs/tenancy.md shows. */
class TenancySnippetsTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();
    private final EventStorePort store = new PostgresEventStore(dataSource, EventSerialization.of(OrderEvent.class));
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));

    @BeforeEach
    void migrate() {
        new EventStoreSchema(dataSource).migrate();
    }

    @Test
    void keepsTenantsApart() {
        // tag::tenants
        TenantId acme = TenantId.of("acme");

        // for one call
        StreamId order = new StreamId(acme, "order", "o-1");
        store.append(AppendRequest.of(order, ExpectedVersion.any(), new Placed("o-1", BigDecimal.TEN)));

        // for everything that the thread does in the scope
        EventStream events = TenantContext.call(acme, () -> store.load(StreamId.of("order", "o-1")));
        // end::tenants
        assertThat(events.exists()).isTrue();
        assertThat(events.id()).isEqualTo(order);
        assertThat(store.exists(order.inTenant(TenantId.of("globex")))).isFalse();
        assertThat(store.exists(StreamId.of("order", "o-1"))).isFalse();
        assertThat(TenantContext.current()).isEqualTo(TenantId.DEFAULT);
    }

    @Test
    void hidesRowsFromSqlThatSetsNoTenant() {
        StreamId order = new StreamId(TenantId.of("initech"), "order", "o-1");
        store.append(AppendRequest.of(order, ExpectedVersion.any(), new Placed("o-1", BigDecimal.TEN)));
        assertThat(countEvents()).isZero();
        // tag::own-sql
        long events = transaction.execute(status -> {
            jdbc.sql("select set_config('eventsourcing.tenant', ?, true)") // true: for this transaction only
                    .param("initech")
                    .query(String.class)
                    .single();
            return countEvents();
        });
        // end::own-sql
        assertThat(events).isEqualTo(1);
        assertThat(countEvents()).isZero();
    }

    private long countEvents() {
        return jdbc.sql("select count(*) from eventsourcing.event")
                .query(Long.class)
                .single();
    }
}
