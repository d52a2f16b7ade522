package io.eventsourcing.memory;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.readmodel.InlineProjectionPort;
import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Inline projections in memory: appends that they handle come one after the other. Thread-safe. */
public final class InMemoryInlineProjections implements InlineProjectionPort {

    private final InMemoryEventStore events;
    private final InMemoryProjections projections;

    /**
     * Takes part in no append yet.
     *
     * @param events whose appends are handled
     * @param projections how the projections stand
     */
    public InMemoryInlineProjections(InMemoryEventStore events, InMemoryProjections projections) {
        this.events = events;
        this.projections = projections;
    }

    @Override
    public void join(Handler handler) {
        events.inline().join(handler, projections.checkpoints());
    }

    @Override
    public void leave(Handler handler) {
        events.inline().leave(handler);
    }

    @Override
    public Optional<ProjectionGeneration> begin(String projection) {
        return projections.beginLive(projection);
    }

    @Override
    public Map<StreamId, StreamVersion> applied(ProjectionGeneration generation, Collection<StreamId> streams) {
        return projections.applied(generation, streams);
    }

    @Override
    public Map<StreamId, StreamVersion> lockApplied(ProjectionGeneration generation, Collection<StreamId> streams) {
        return projections.lockApplied(generation, streams);
    }

    @Override
    public void apply(ProjectionGeneration generation, Map<StreamId, StreamVersion> reached) {
        projections.apply(generation, reached);
    }

    @Override
    public ReadModelStorePort rows() {
        return projections.readModels();
    }

    @Override
    public EventStorePort events() {
        return events;
    }
}
