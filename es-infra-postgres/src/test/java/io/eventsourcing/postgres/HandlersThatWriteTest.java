package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** What handlers do to the transaction that they share with their checkpoint, and what retries do within another one. */
@Timeout(60)
class HandlersThatWriteTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TailSettings EAGER =
            new TailSettings(1_000, Duration.ofMinutes(1), Duration.ofMillis(1), Duration.ofMillis(10));

    private final DataSource dataSource = postgres.database().dataSource();
    private final String name = "s-" + UUID.randomUUID();
    private final TenantId tenant = TenantId.of("t-" + UUID.randomUUID());
    private final PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final PostgresEventLog log = new PostgresEventLog(dataSource, Noted.SERIALIZATION);
    private final AtomicBoolean isBroken = new AtomicBoolean(true);
    private LogTail tail;
    private Subscriptions node;

    @BeforeAll
    static void migrate() {
        DataSource dataSource = postgres.database().dataSource();
        new EventStoreSchema(dataSource).migrate();
        Sql.execute(
                dataSource,
                "create table handled (subscription text, number int)",
                "create table guarded (number int)",
                "alter table guarded enable row level security",
                "alter table guarded force row level security",
                "create policy odd on guarded using (true) with check (number % 2 = 1)");
    }

    @BeforeEach
    void start() {
        tail = new LogTail(log, Noted.SERIALIZATION, EAGER);
        node = new Subscriptions(tail, log, new PostgresCheckpoints(dataSource), SubscriptionSettings.ofThisProcess());
    }

    @AfterEach
    void close() {
        node.close();
        tail.close();
    }

    private void run(Delivery delivery, SubscriptionHandler handler) {
        node.start(Subscription.named(name)
                .filter(LogFilter.ALL.ofTenant(tenant))
                .startingAt(StartPosition.beginning())
                .delivery(delivery)
                .retry(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(1)))
                .handledBy(handler));
    }

    private void append(String stream, int number) {
        store.append(AppendRequest.of(
                new StreamId(tenant, "noted", stream), ExpectedVersion.any(), new Noted(String.valueOf(number))));
    }

    private static int number(RecordedEvent event) {
        return Integer.parseInt(((Noted) event.payload()).text());
    }

    private void write(RecordedEvent event) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            Sql.texts(
                    connection,
                    "insert into handled values (?, ?::int) returning number",
                    name,
                    String.valueOf(number(event)));
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private List<String> written() {
        return Sql.texts(dataSource, "select number from handled where subscription = ? order by number", name);
    }

    private List<ParkedEvent> parked() {
        return node.parked().list(new ParkedQuery(name, null, GlobalPosition.START, 10));
    }

    private String key(String stream) {
        return tenant + ":noted:" + stream;
    }

    /** PostgreSQL refuses what follows in the transaction, the move of the checkpoint too. */
    @Test
    void anSqlErrorThatAHandlerSwallowsParksOnlyItsKey() {
        append("a", 1);
        append("b", 2);
        append("c", 3);
        run(Delivery.IN_TRANSACTION, SubscriptionHandler.each(event -> {
            write(event);
            if (number(event) == 2) {
                failAndSwallow();
            }
        }));

        await().until(() -> written().equals(List.of("1", "3")) && parked().size() == 1);
        assertThat(parked().get(0).key()).isEqualTo(key("b"));
        assertThat(parked().get(0).error()).contains("25P02", "swallowed");
        assertThat(node.status().get(0).isStopped()).isFalse();
    }

    private void failAndSwallow() {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (var statement = connection.createStatement()) {
            statement.execute("select 1 / 0");
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("22012");
        }
    }

    /** With the SQL state of a missing privilege, which would stop the subscription. */
    @Test
    void aRowThatAPolicyRefusesParksOnlyItsKey() {
        append("a", 1);
        append("b", 2);
        append("c", 3);
        run(Delivery.IN_TRANSACTION, SubscriptionHandler.each(event -> {
            write(event);
            try (var insert =
                    DataSourceUtils.getConnection(dataSource).prepareStatement("insert into guarded values (?)")) {
                insert.setInt(1, number(event));
                insert.execute();
            }
        }));

        await().until(() -> written().equals(List.of("1", "3")) && parked().size() == 1);
        assertThat(parked().get(0).error()).contains("row-level security");
        assertThat(node.status().get(0).isStopped()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void aRetryWithinATransactionIsKeptWhateverBecomesOfThat(Delivery delivery) {
        append("a", 1);
        run(delivery, SubscriptionHandler.each(event -> {
            if (isBroken.get()) {
                throw new IllegalStateException("broken");
            }
            write(event);
        }));
        await().until(() -> parked().size() == 1);

        TransactionTemplate callers = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        callers.executeWithoutResult(status -> {
            assertThat(node.parked()
                            .retry(name, key("a"))
                            .failed()
                            .orElseThrow()
                            .error())
                    .isEqualTo("java.lang.IllegalStateException: broken");
            assertThat(status.isRollbackOnly()).isFalse();
            status.setRollbackOnly();
        });
        assertThat(parked().get(0).attempts()).as("noted").isEqualTo(3);

        isBroken.set(false);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> callers.executeWithoutResult(status -> {
                    assertThat(node.parked().retry(name, key("a")).handled()).isEqualTo(1);
                    throw new IllegalStateException("of the caller");
                }));
        assertThat(parked()).isEmpty();
        assertThat(written()).containsExactly("1");
    }

    /** Which shows the events that waited when it began, for as long as it lasts. */
    @ParameterizedTest
    @EnumSource(Delivery.class)
    void aRetryWithinATransactionOfOneSnapshotEnds(Delivery delivery) {
        AtomicInteger calls = new AtomicInteger();
        append("a", 1);
        run(delivery, SubscriptionHandler.each(event -> {
            if (isBroken.get()) {
                throw new IllegalStateException("broken");
            }
            calls.incrementAndGet();
        }));
        await().until(() -> parked().size() == 1);
        isBroken.set(false);

        TransactionTemplate callers = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        callers.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        callers.executeWithoutResult(status -> {
            assertThat(parked()).hasSize(1);
            assertThat(node.parked().retry(name, key("a")).handled()).isEqualTo(1);
        });
        assertThat(calls.get()).isEqualTo(1);
        assertThat(parked()).isEmpty();
    }
}
