package io.eventsourcing.testkit.projection;

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
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A store that forgets everything, to see which tests notice. */
public final class DoNothingProjections implements ProjectionStorePort, ReadModelStorePort {

    @Override
    public List<ProjectionGeneration> join(String projection, int version, Collection<ReadModelType<?>> readModels) {
        return List.of(new ProjectionGeneration(projection, 1, version, State.LIVE));
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
    public ProjectionGeneration rebuild(String projection, int version, Collection<ReadModelType<?>> readModels) {
        return new ProjectionGeneration(projection, 2, version, State.BUILDING);
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
}
