package io.eventsourcing.postgres.projection;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.readmodel.ProjectionStorePort;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.postgres.PostgresCheckpoints;
import io.eventsourcing.postgres.PostgresEventLog;
import io.eventsourcing.postgres.PostgresProjections;
import io.eventsourcing.postgres.PostgresReadModels;
import io.eventsourcing.postgres.ReadModelTables;
import io.eventsourcing.projection.ProjectionDefinition;
import io.eventsourcing.projection.ProjectionSettings;
import io.eventsourcing.projection.ProjectionStatus;
import io.eventsourcing.projection.Projections;
import io.eventsourcing.projection.ReadModels;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;

/** A node that runs a version of the counting projection, and looks often. */
final class CountingNode implements AutoCloseable {

    private static final Duration LEASE = Duration.ofSeconds(1);

    private static final ProjectionSettings SETTINGS =
            new ProjectionSettings(Duration.ofMillis(100), Duration.ofMinutes(10), 1_000);

    private final LogTail tail;
    private final Subscriptions subscriptions;
    private final Projections projections;

    /** At moments such as "after begin" of a batch, or "before advance" of a checkpoint, something may happen. */
    CountingNode(
            DataSource connections,
            String name,
            Function<ReadModelUpdaterPort<Counter>, Counters> version,
            Consumer<String> moments) {
        PostgresEventLog log = new PostgresEventLog(connections, CounterEvent.SERIALIZATION);
        CheckpointPort checkpoints = watched(CheckpointPort.class, new PostgresCheckpoints(connections), moments);
        ReadModelTables tables = new ReadModelTables(connections);
        ReadModels readModels =
                new ReadModels(new PostgresReadModels(connections, tables), CounterEvent.SERIALIZATION.json());
        tail = new LogTail(log, CounterEvent.SERIALIZATION, TailSettings.DEFAULT);
        subscriptions = new Subscriptions(
                tail, log, checkpoints, new SubscriptionSettings(name, LEASE, Duration.ofSeconds(10)));
        projections = new Projections(
                subscriptions,
                checkpoints,
                log,
                watched(ProjectionStorePort.class, new PostgresProjections(connections, tables), moments),
                null,
                readModels,
                SETTINGS);
        projections.start(ProjectionDefinition.of(
                version.apply(readModels.updater(Counter.class)),
                CounterEvent.SERIALIZATION.eventTypes(),
                List.of(Counter.class)));
    }

    private static <P> P watched(Class<P> port, P watched, Consumer<String> moments) {
        InvocationHandler calls = (proxy, method, arguments) -> {
            try {
                moments.accept("before " + method.getName());
                Object answer = method.invoke(watched, arguments);
                moments.accept("after " + method.getName());
                return answer;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, calls));
    }

    /** Connections as an application has them, which tell soon that the database is down. */
    static HikariDataSource pool(String url, String user, String password, String name) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.addDataSourceProperty("ApplicationName", name);
        config.setMaximumPoolSize(12);
        config.setConnectionTimeout(2_000);
        config.setValidationTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    Projections projections() {
        return projections;
    }

    ProjectionStatus status() {
        return projections.status().get(0);
    }

    @Override
    public void close() {
        projections.close();
        subscriptions.close();
        tail.close();
    }
}
