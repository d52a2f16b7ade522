package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.readmodel.ProjectionGeneration.State;
import java.util.List;
import java.util.Optional;

/**
 * How a projection stands in its store.
 *
 * @param projection its name
 * @param isPaused whether no events are handled for it for now
 * @param generations those that have not been dropped, by number
 */
public record ProjectionState(String projection, boolean isPaused, List<ProjectionGeneration> generations) {

    /** Copies the generations. */
    public ProjectionState {
        generations = List.copyOf(generations);
    }

    /**
     * The generation whose tables applications know.
     *
     * @return the generation
     */
    public Optional<ProjectionGeneration> current() {
        return generations.stream()
                .filter(each -> each.state() == State.LIVE || each.state() == State.CLOSED)
                .findFirst();
    }

    /**
     * The generation that is being built beside it.
     *
     * @return the generation; empty if none is
     */
    public Optional<ProjectionGeneration> building() {
        return generations.stream()
                .filter(each -> each.state() == State.BUILDING)
                .findFirst();
    }
}
