package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.readmodel.InlineProjectionPort;
import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ProjectionGeneration.State;
import io.eventsourcing.core.readmodel.ProjectionState;
import io.eventsourcing.core.readmodel.ProjectionStorePort;
import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.readmodel.Row;
import io.eventsourcing.core.readmodel.RowKey;
import io.eventsourcing.core.readmodel.RowQuery;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store that forgets everything, to see which tests notice. */
public final class DoNothingProjections implements ProjectionStorePort, ReadModelStorePort, InlineProjectionPort {

    private final EventStorePort events;

    public DoNothingProjections(EventStorePort events) {
        this.events = events;
    }

    @Override
    public List<ProjectionGeneration> join(
            String projection, int version, boolean isInline, Collection<ReadModelType<?>> readModels) {
        return List.of(new ProjectionGeneration(projection, 1, version, isInline, State.LIVE));
    }

    @Override
    public ProjectionGeneration begin(ProjectionGeneration generation) {
        return generation;
    }

    @Override
    public Map<String, ProjectionState> states() {
        return Map.of();
    }

    @Override
    public boolean pause(String projection, boolean isPaused) {
        return true;
    }

    @Override
    public boolean reset(ProjectionGeneration live, Collection<ReadModelType<?>> readModels) {
        return true;
    }

    @Override
    public ProjectionGeneration rebuild(
            String projection, int version, boolean isInline, Collection<ReadModelType<?>> readModels) {
        return new ProjectionGeneration(projection, 2, version, isInline, State.BUILDING);
    }

    @Override
    public boolean close(ProjectionGeneration live) {
        return true;
    }

    @Override
    public boolean reopen(ProjectionGeneration closed) {
        return true;
    }

    @Override
    public boolean takeOver(ProjectionGeneration built, Collection<ReadModelType<?>> readModels) {
        return true;
    }

    @Override
    public void dropRetired(String projection, long forAtLeast, Collection<ReadModelType<?>> readModels) {}

    @Override
    public List<Row> lock(ReadModelTable table, List<RowKey> keys) {
        return List.of();
    }

    @Override
    public void write(ReadModelTable table, List<Row> upserts, List<RowKey> deletes) {}

    @Override
    public List<Row> find(ReadModelType<?> type, RowQuery query) {
        return List.of();
    }

    @Override
    public Map<StreamId, StreamVersion> applied(ProjectionGeneration generation, Collection<StreamId> streams) {
        return Map.of();
    }

    @Override
    public Map<StreamId, StreamVersion> lockApplied(ProjectionGeneration generation, Collection<StreamId> streams) {
        return Map.of();
    }

    @Override
    public void apply(ProjectionGeneration generation, Map<StreamId, StreamVersion> reached) {}

    @Override
    public void join(Handler handler) {}

    @Override
    public void leave(Handler handler) {}

    @Override
    public Optional<ProjectionGeneration> begin(String projection) {
        return Optional.empty();
    }

    @Override
    public ReadModelStorePort rows() {
        return this;
    }

    @Override
    public EventStorePort events() {
        return events;
    }
}
