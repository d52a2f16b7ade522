package io.eventsourcing.projection;

import io.eventsourcing.core.readmodel.ProjectionGeneration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a projection is doing, on all nodes together.
 *
 * @param name its name
 * @param version its version on this node
 * @param mode when its rows are written
 * @param isPaused whether no events are handled for it for now
 * @param generations those that have not been dropped, by number
 * @param position everything up to here is in the tables that applications know, or parked; where its segments are quiet it may be further
 * @param lag how many positions of the log that is behind its end
 * @param parked how many events are parked
 * @param rebuild how far a rebuild has come; null if there is none
 * @param problem what keeps it from going on; null if nothing does
 */
public record ProjectionStatus(
        String name,
        int version,
        ProjectionMode mode,
        boolean isPaused,
        List<ProjectionGeneration> generations,
        long position,
        long lag,
        long parked,
        @Nullable RebuildProgress rebuild,
        @Nullable String problem) {

    /** Copies the generations. */
    public ProjectionStatus {
        generations = List.copyOf(generations);
    }
}
