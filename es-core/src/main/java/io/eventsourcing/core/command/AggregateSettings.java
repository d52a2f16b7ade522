package io.eventsourcing.core.command;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.snapshot.SnapshotPolicy;
import io.eventsourcing.core.snapshot.SnapshotTiming;
import org.jspecify.annotations.Nullable;

/**
 * How the aggregates of a decider are kept.
 *
 * @param streamType the type of their streams
 * @param snapshots when a snapshot is taken; null for never, and none are looked for
 * @param snapshotTiming when it is written
 */
public record AggregateSettings(String streamType, @Nullable SnapshotPolicy snapshots, SnapshotTiming snapshotTiming) {

    /**
     * Those of a decider with {@link Aggregate}, without snapshots.
     *
     * @param decider its class
     * @return the settings
     * @throws CommandHandlerConfigurationException if it has no annotation
     */
    public static AggregateSettings of(Class<?> decider) {
        Aggregate annotation = decider.getAnnotation(Aggregate.class);
        if (annotation == null) {
            throw new CommandHandlerConfigurationException(
                    "The decider " + decider.getName()
                            + " does not say which streams it is for. It was not registered. Annotate it with @Aggregate(\"some-type\").");
        }
        return new AggregateSettings(annotation.value(), null, SnapshotTiming.WITH_APPEND);
    }

    /**
     * The same aggregates with snapshots.
     *
     * @param policy when
     * @param timing how
     * @return the settings
     */
    public AggregateSettings withSnapshots(SnapshotPolicy policy, SnapshotTiming timing) {
        return new AggregateSettings(streamType, policy, timing);
    }

    boolean takesSnapshots() {
        return snapshots != null;
    }
}
