package io.eventsourcing.postgres.subscription;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.postgres.PostgresCheckpoints;
import io.eventsourcing.postgres.PostgresEventLog;
import io.eventsourcing.postgres.process.ForkedJvm;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.springframework.jdbc.core.JdbcTemplate;

/** A JVM that handles events in two ways until it is killed: in the checkpoint's transaction, and outside of it. */
final class SubscriberProcess {

    static final String EXACT = "exact";
    static final String OUTSIDE = "outside";

    private SubscriberProcess() {}

    static ForkedJvm start(TestDatabase database, Path output, String node, Duration lease) {
        return ForkedJvm.start(
                SubscriberProcess.class,
                output,
                List.of("-Xmx256m"),
                List.of(database.url(), database.user(), database.password(), node, Long.toString(lease.toMillis())));
    }

    public static void main(String[] arguments) throws Exception {
        ForkedJvm.endWithParent();
        try (HikariDataSource connections = pool(arguments);
                HikariDataSource outside = pool(arguments);
                LogTail tail = new LogTail(
                        new PostgresEventLog(connections, Sent.SERIALIZATION),
                        Sent.SERIALIZATION,
                        TailSettings.DEFAULT);
                Subscriptions subscriptions = new Subscriptions(
                        tail,
                        new PostgresEventLog(connections, Sent.SERIALIZATION),
                        new PostgresCheckpoints(connections),
                        new SubscriptionSettings(
                                arguments[3],
                                Duration.ofMillis(Long.parseLong(arguments[4])),
                                Duration.ofSeconds(5)))) {
            subscriptions.start(Subscription.named(EXACT)
                    .delivery(Delivery.IN_TRANSACTION)
                    .batchSize(20)
                    .handledBy(insertInto(EXACT, connections)));
            subscriptions.start(Subscription.named(OUTSIDE)
                    .startingAt(StartPosition.beginning())
                    .batchSize(20)
                    .handledBy(insertInto(OUTSIDE, outside)));
            new CountDownLatch(1).await();
        }
    }

    private static HikariDataSource pool(String[] arguments) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setUsername(arguments[1]);
        config.setPassword(arguments[2]);
        config.setMaximumPoolSize(6);
        config.setConnectionTimeout(2_000);
        config.setValidationTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private static SubscriptionHandler insertInto(String table, HikariDataSource connections) {
        JdbcTemplate jdbc = new JdbcTemplate(connections);
        return SubscriptionHandler.each(event -> insert(jdbc, table, event));
    }

    private static void insert(JdbcTemplate jdbc, String table, RecordedEvent event) {
        jdbc.update(
                "insert into public." + table + " (stream, version, position) values (?, ?, ?)",
                event.stream().id(),
                event.version().value(),
                event.position().value());
    }
}
