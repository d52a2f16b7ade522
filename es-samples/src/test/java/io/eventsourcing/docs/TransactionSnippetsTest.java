package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.docs.application.OrderEvent;
import io.eventsourcing.docs.application.OrderEvent.Placed;
import io.eventsourcing.docs.application.OrderEvent.Shipped;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.UnsupportedTransactionException;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.math.BigDecimal;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionTemplate;

/** What docs/event-store.md shows about surrounding transactions. */
class TransactionSnippetsTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();
    private final EventStorePort store = new PostgresEventStore(dataSource, EventSerialization.of(OrderEvent.class));
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private final PlatformTransactionManager transactions = new JdbcTransactionManager(dataSource);
    private final TransactionTemplate transaction = new TransactionTemplate(transactions);
    private final String orderId = UUID.randomUUID().toString();
    private final StreamId stream = StreamId.of("order", orderId);

    @BeforeAll
    static void createTables() {
        DataSource dataSource = postgres.database().dataSource();
        new EventStoreSchema(dataSource).migrate();
        JdbcClient.create(dataSource)
                .sql("create table order_total (id text primary key, total numeric)")
                .update();
    }

    @Test
    void commitsEventsAndRowsTogether() {
        place();
        assertThat(store.exists(stream)).isTrue();
        assertThat(totals()).isEqualTo(1);
    }

    private void place() {
        // tag::ambient
        transaction.executeWithoutResult(status -> {
            store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed(orderId, BigDecimal.TEN)));
            jdbc.sql("insert into order_total (id, total) values (?, ?)")
                    .params(orderId, BigDecimal.TEN)
                    .update();
        });
        // end::ambient
    }

    @Test
    void rollsEventsBackWithTheTransaction() {
        jdbc.sql("insert into order_total (id, total) values (?, 0)")
                .param(orderId)
                .update();
        assertThatThrownBy(this::place).hasMessageContaining("order_total_pkey");
        assertThat(store.exists(stream)).isFalse();
    }

    @Test
    void goesOnAfterAConflict() {
        place();
        // tag::conflict
        transaction.executeWithoutResult(status -> {
            try {
                store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed(orderId, BigDecimal.ONE)));
            } catch (VersionConflictException e) {
                jdbc.sql("update order_total set total = 0 where id = ?") // the transaction is still usable
                        .param(orderId)
                        .update();
            }
        });
        // end::conflict
        assertThat(jdbc.sql("select total from order_total where id = ?")
                        .param(orderId)
                        .query(BigDecimal.class)
                        .single())
                .isZero();
    }

    @Test
    void marksTheTransactionWhereTheConflictLeavesATransactionalMethod() {
        place();
        assertThatThrownBy(() -> transaction.executeWithoutResult(outer -> {
                    try {
                        transaction.executeWithoutResult(inner -> store.append(
                                AppendRequest.of(stream, ExpectedVersion.noStream(), new Shipped(orderId))));
                    } catch (VersionConflictException e) {
                        // caught too late: Spring has marked the transaction
                    }
                }))
                .isInstanceOf(UnexpectedRollbackException.class);
    }

    @Test
    void undoesAPartBackToASavepoint() {
        place();
        // tag::savepoint
        TransactionTemplate part = new TransactionTemplate(transactions);
        part.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        transaction.executeWithoutResult(status -> {
            store.append(AppendRequest.of(stream, ExpectedVersion.exactly(1), new Placed(orderId, BigDecimal.ONE)));
            part.executeWithoutResult(nested -> {
                store.append(AppendRequest.of(stream, ExpectedVersion.exactly(2), new Shipped(orderId)));
                nested.setRollbackOnly(); // back to the savepoint: only the second append is undone
            });
        });
        // end::savepoint
        assertThat(store.load(stream).toList()).hasSize(2);
    }

    @Test
    void refusesOtherIsolations() {
        // tag::isolation
        TransactionTemplate serializable = new TransactionTemplate(transactions);
        serializable.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
        assertThatThrownBy(() -> serializable.executeWithoutResult(status -> store.append(
                        AppendRequest.of(stream, ExpectedVersion.noStream(), new Placed(orderId, BigDecimal.ONE)))))
                .isInstanceOf(UnsupportedTransactionException.class)
                .hasMessageContaining("needs READ COMMITTED");
        // end::isolation
        assertThat(store.exists(stream)).isFalse();
    }

    @Test
    void loadsUnderAnyIsolationAndInReadOnlyTransactions() {
        place();
        TransactionTemplate reading = new TransactionTemplate(transactions);
        reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        reading.setReadOnly(true);
        assertThat(reading.<Integer>execute(
                        status -> store.load(stream).toList().size()))
                .isEqualTo(1);
        TransactionTemplate readOnly = new TransactionTemplate(transactions);
        readOnly.setReadOnly(true);
        assertThatThrownBy(() -> readOnly.executeWithoutResult(status ->
                        store.append(AppendRequest.of(stream, ExpectedVersion.exactly(1), new Shipped(orderId)))))
                .isInstanceOf(UnsupportedTransactionException.class)
                .hasMessageContaining("read-only");
    }

    private long totals() {
        return jdbc.sql("select count(*) from order_total where id = ?")
                .param(orderId)
                .query(Long.class)
                .single();
    }
}
