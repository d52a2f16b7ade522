package io.eventsourcing.postgres.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.LogListener;
import io.eventsourcing.postgres.PostgresCheckpoints;
import io.eventsourcing.postgres.PostgresEventLog;
import io.eventsourcing.postgres.crash.Chaos;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node costs its server when nothing happens. */
class IdleCostIT {

    private static final Duration WATCHED = Duration.ofSeconds(10);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final AtomicLong statements = new AtomicLong();

    @Test
    void twentySubscriptionsCostAtMostThreeStatementsASecond() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
        DataSource counted = counting(DataSource.class, postgres.database().dataSource());
        PostgresEventLog log = new PostgresEventLog(counted, Sent.SERIALIZATION);
        try (LogTail tail = new LogTail(log, Sent.SERIALIZATION, TailSettings.DEFAULT);
                LogListener listener = new LogListener(counted, "eventsourcing", tail::wake);
                Subscriptions subscriptions = new Subscriptions(
                        tail, log, new PostgresCheckpoints(counted), SubscriptionSettings.ofThisProcess())) {
            for (int i = 0; i < 20; i++) {
                subscriptions.start(Subscription.named("idle-" + i).handledBy(events -> {}));
            }
            await().until(() -> subscriptions.status().stream()
                    .allMatch(status -> status.segments().size() == 16));
            long end = System.nanoTime() + WATCHED.toNanos();
            long before = statements.get();
            await().atMost(WATCHED.plusSeconds(5)).until(() -> System.nanoTime() > end);
            double rate = (statements.get() - before) / (double) WATCHED.toSeconds();
            Chaos.report("20 idle subscriptions of 16 segments: %.1f statements a second".formatted(rate));
            assertThat(rate).isBetween(0.5, 3.0);
        }
    }

    /** The same object, which counts the statements that are made. */
    private <T> T counting(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(target, arguments);
                        if (method.getName().equals("prepareStatement")
                                || method.getName().equals("createStatement")) {
                            statements.incrementAndGet();
                        }
                        return method.getName().equals("getConnection")
                                ? counting(Connection.class, (Connection) result)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                }));
    }
}
