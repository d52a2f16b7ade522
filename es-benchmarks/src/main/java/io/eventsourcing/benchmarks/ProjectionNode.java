package io.eventsourcing.benchmarks;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.SubscriptionStatus;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.postgres.PostgresCheckpoints;
import io.eventsourcing.postgres.PostgresEventLog;
import io.eventsourcing.postgres.PostgresProjections;
import io.eventsourcing.postgres.PostgresReadModels;
import io.eventsourcing.postgres.ReadModelTables;
import io.eventsourcing.projection.ProjectionDefinition;
import io.eventsourcing.projection.Projections;
import io.eventsourcing.projection.ReadModels;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** A node that runs the library's projection. */
final class ProjectionNode implements CatchUp, AutoCloseable {

    static final EventSerialization SERIALIZATION = EventSerialization.of(LineChanged.class);

    private final EventLogPort log;
    private final LogTail tail;
    private final Subscriptions subscriptions;
    private final Projections projections;
    private final ProjectionDefinition definition;
    private final Shown shown = new Shown();

    ProjectionNode(DataSource dataSource) {
        this.log = new PostgresEventLog(dataSource, SERIALIZATION);
        this.tail = new LogTail(log, SERIALIZATION, TailSettings.DEFAULT);
        PostgresCheckpoints checkpoints = new PostgresCheckpoints(dataSource);
        this.subscriptions = new Subscriptions(tail, log, checkpoints, SubscriptionSettings.ofThisProcess());
        ReadModelTables tables = new ReadModelTables(dataSource);
        ReadModels readModels = new ReadModels(new PostgresReadModels(dataSource, tables), SERIALIZATION.json());
        this.projections = new Projections(
                subscriptions, checkpoints, log, new PostgresProjections(dataSource, tables), readModels);
        this.definition = ProjectionDefinition.of(
                new LineProjection(readModels.updater(Line.class), shown),
                SERIALIZATION.eventTypes(),
                List.of(Line.class));
    }

    void start() {
        projections.start(definition);
    }

    /** Nothing: the rebuild empties the table, and is measured with it. */
    @Override
    public void reset() {}

    @Override
    public void run() {
        projections.reset(LineProjection.NAME);
        awaitEnd();
    }

    /** Waits until all that is in the log is handled and committed. */
    void awaitEnd() {
        GlobalPosition end = log.now();
        while (subscriptions.status().stream().noneMatch(status -> hasReached(status, end))) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static boolean hasReached(SubscriptionStatus status, GlobalPosition end) {
        return status.segments().size() == 16
                && status.segments().stream()
                        .allMatch(segment -> segment.position().compareTo(end) >= 0);
    }

    @Override
    public String table() {
        return "line";
    }

    Shown shown() {
        return shown;
    }

    void wake() {
        tail.wake();
    }

    @Override
    public void close() {
        projections.close();
        subscriptions.close();
        tail.close();
    }
}
