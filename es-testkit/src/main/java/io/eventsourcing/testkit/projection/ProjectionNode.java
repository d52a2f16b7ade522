package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.projection.ProjectionDefinition;
import io.eventsourcing.projection.ProjectionSettings;
import io.eventsourcing.projection.Projections;
import io.eventsourcing.projection.ReadModels;
import java.time.Duration;
import java.util.List;

/** A node of a test, which looks often and is impatient when something fails. */
final class ProjectionNode implements AutoCloseable {

    private static final Duration LEASE = Duration.ofSeconds(1);

    private final EventSerialization serialization;
    private final LogTail tail;
    final Subscriptions subscriptions;
    final ReadModels readModels;
    final Projections projections;

    ProjectionNode(ProjectionsUnderTest store, CheckpointPort checkpoints, EventSerialization serialization) {
        this(store, checkpoints, serialization, new ReadModels(store.rows(), serialization.json()));
    }

    ProjectionNode(
            ProjectionsUnderTest store,
            CheckpointPort checkpoints,
            EventSerialization serialization,
            ReadModels readModels) {
        this.serialization = serialization;
        this.tail = new LogTail(
                store.log(),
                serialization,
                new TailSettings(
                        TailSettings.DEFAULT.capacity(),
                        TailSettings.DEFAULT.keepFor(),
                        Duration.ofMillis(2),
                        Duration.ofMillis(20)));
        this.subscriptions = new Subscriptions(
                tail, store.log(), checkpoints, new SubscriptionSettings("node", LEASE, Duration.ofSeconds(10)));
        this.readModels = readModels;
        this.projections = new Projections(
                subscriptions,
                checkpoints,
                store.log(),
                store.generations(),
                store.inline(),
                readModels,
                new ProjectionSettings(Duration.ofMillis(50), Duration.ZERO, 100));
    }

    <P> P start(P projection, Class<?>... records) {
        start(ProjectionDefinition.of(projection, serialization.eventTypes(), List.of(records)));
        return projection;
    }

    void start(ProjectionDefinition definition) {
        projections.start(definition.retriedBy(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(5))));
    }

    @Override
    public void close() {
        projections.close();
        subscriptions.close();
        tail.close();
    }
}
