package io.eventsourcing.postgres.subscription;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.AppendInFlight;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresCheckpoints;
import io.eventsourcing.postgres.PostgresEventLog;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.crash.Chaos;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a subscription is given while transactions are held open. */
class HeldTransactionsIT {

    private static final Duration HELD = Duration.ofSeconds(5);

    private static final int STREAMS = 10;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final HikariDataSource pool = pool();
    private final JdbcTemplate jdbc = new JdbcTemplate(pool);
    private final TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(pool));
    private final PostgresEventStore store = new PostgresEventStore(pool, Sent.SERIALIZATION);
    private final PostgresEventLog log = new PostgresEventLog(pool, Sent.SERIALIZATION);
    private final List<RecordedEvent> handled = Collections.synchronizedList(new ArrayList<>());
    private final List<GlobalPosition> appended = new ArrayList<>();
    private LogTail tail;
    private Subscriptions subscriptions;

    private static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(postgres.database().dataSource());
        return new HikariDataSource(config);
    }

    @BeforeEach
    void subscribe() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
        tail = new LogTail(log, Sent.SERIALIZATION, TailSettings.DEFAULT);
        store.onAppend(tail::wake);
        subscriptions =
                new Subscriptions(tail, log, new PostgresCheckpoints(pool), SubscriptionSettings.ofThisProcess());
        subscriptions.start(Subscription.named("held-" + UUID.randomUUID())
                .startingAt(StartPosition.now())
                .handledBy(handled::addAll));
    }

    @AfterEach
    void close() {
        subscriptions.close();
        tail.close();
        pool.close();
    }

    private void append(String stream, int events) {
        for (int i = 0; i < events; i++) {
            StreamId streamId = StreamId.of("held", stream + "-" + i % STREAMS);
            appended.addAll(store.append(AppendRequest.of(streamId, ExpectedVersion.any(), new Sent(appended.size())))
                    .positions());
        }
    }

    /** On another thread, so in transactions of their own. */
    private CompletableFuture<Void> elsewhere(Runnable work) {
        return CompletableFuture.runAsync(work).orTimeout(1, TimeUnit.MINUTES);
    }

    private void awaitHandled(int events) {
        await().until(() -> handled.size() >= events);
        assertThat(List.copyOf(handled))
                .extracting(RecordedEvent::position)
                .containsExactlyInAnyOrderElementsOf(appended.subList(0, events));
    }

    @Test
    void anUnrelatedWriteTransactionHoldsNothingBack() {
        jdbc.execute("create table unrelated (n int)");
        transaction.executeWithoutResult(status -> {
            jdbc.update("insert into unrelated values (1)");
            assertThat(jdbc.queryForObject("select pg_current_xact_id_if_assigned()::text", String.class))
                    .isNotNull();
            elsewhere(() -> append("beside", 500)).join();
            awaitHandled(500);
        });
        Chaos.report(handled.size() + " events were handled while an unrelated write transaction was open");
    }

    @Test
    void eventsBelowAnAppendThatIsHeldOpenFlowAndLaterOnesWait() {
        CompletableFuture<Void> lowerAreDrawn = new CompletableFuture<>();
        CompletableFuture<Void> isHeldOpen = new CompletableFuture<>();
        CompletableFuture<Void> lower = elsewhere(() -> transaction.executeWithoutResult(status -> {
            append("lower", 50);
            lowerAreDrawn.complete(null);
            isHeldOpen.join();
        }));
        CompletableFuture.anyOf(lowerAreDrawn, lower).join();
        transaction.executeWithoutResult(status -> {
            jdbc.execute("set local application_name = 'importer'");
            append("imported", 1);
            elsewhere(() -> append("later", 50)).join();
            isHeldOpen.complete(null);
            lower.join();
            awaitHandled(50);
            jdbc.execute("select pg_sleep(" + HELD.toSeconds() + ")");

            AppendInFlight holder = log.highWaterMark().heldBackBy().orElseThrow();
            assertThat(holder.backend()).isEqualTo(jdbc.queryForObject("select pg_backend_pid()", Integer.class));
            assertThat(holder.applicationName()).isEqualTo("importer");
            assertThat(holder.age()).isBetween(HELD, Duration.ofMinutes(1));
            awaitHandled(50);
        });
        awaitHandled(101);
        assertThat(log.highWaterMark().heldBackBy()).isEmpty();
        awaitTheEndOfEachSegment();
        assertThat(handled).as("each once").hasSize(101);
        Map<StreamId, List<GlobalPosition>> positions =
                handled.stream().collect(groupingBy(RecordedEvent::stream, mapping(RecordedEvent::position, toList())));
        assertThat(positions)
                .hasSize(2 * STREAMS + 1)
                .allSatisfy((stream, seen) -> assertThat(seen).isSorted());
    }

    private void awaitTheEndOfEachSegment() {
        GlobalPosition last = Collections.max(appended);
        await().until(() -> subscriptions.status().get(0).segments().stream()
                .allMatch(segment -> segment.position().compareTo(last) >= 0));
    }
}
