package io.eventsourcing.projection;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ProjectionStorePort;
import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.subscription.EventNotHandledException;
import io.eventsourcing.core.subscription.SegmentLostException;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Handles events for one generation of a projection, in the transaction of the checkpoint. Thread-safe. */
final class GenerationHandler implements SubscriptionHandler {

    private final ProjectionDefinition projection;
    private final Set<ReadModelType<?>> readModels;
    private final ProjectionGeneration generation;
    private final ProjectionStorePort generations;
    private final ReadModelStorePort store;

    GenerationHandler(
            ProjectionDefinition projection,
            Set<ReadModelType<?>> readModels,
            ProjectionGeneration generation,
            ProjectionStorePort generations,
            ReadModelStorePort store) {
        this.projection = projection;
        this.readModels = readModels;
        this.generation = generation;
        this.generations = generations;
        this.store = store;
    }

    @Override
    public void handle(List<RecordedEvent> events) {
        ProjectionGeneration now = generations.begin(generation);
        if (!now.isActive()) {
            throw new SegmentLostException("The generation " + now.number() + " of projection '" + now.projection()
                    + "' is " + now.state() + ", so that no more events are handled for it. Nothing needs to be done.");
        }
        if (now.isInline()) {
            handleOpen(events, now);
        } else {
            handleAll(events, now);
        }
    }

    /** Those that no append has handled yet. Most were, so that most batches lock nothing. */
    private void handleOpen(List<RecordedEvent> events, ProjectionGeneration now) {
        List<RecordedEvent> candidates = without(generations.applied(now, streams(events)), events);
        if (candidates.isEmpty()) {
            return;
        }
        List<RecordedEvent> open = without(generations.lockApplied(now, streams(candidates)), candidates);
        handleAll(open, now);
        Map<StreamId, StreamVersion> reached = new HashMap<>();
        open.forEach(event -> reached.put(event.stream(), event.version()));
        generations.apply(now, reached);
    }

    private static Set<StreamId> streams(List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::stream).collect(Collectors.toSet());
    }

    private static List<RecordedEvent> without(Map<StreamId, StreamVersion> applied, List<RecordedEvent> events) {
        return events.stream()
                .filter(event ->
                        event.version().compareTo(applied.getOrDefault(event.stream(), StreamVersion.NONE)) > 0)
                .toList();
    }

    private void handleAll(List<RecordedEvent> events, ProjectionGeneration now) {
        try (Batch batch =
                Batch.begin(projection.name(), store, type -> readModels.contains(type) ? now.table(type) : null)) {
            for (RecordedEvent event : events) {
                handle(event, batch);
            }
            batch.flush();
        }
    }

    private void handle(RecordedEvent event, Batch batch) {
        batch.on(event);
        try {
            projection.handlers().handleOne(event);
        } catch (Throwable e) { // whatever it is: the engine finds out what it means
            throw new EventNotHandledException(event, e);
        }
    }
}
