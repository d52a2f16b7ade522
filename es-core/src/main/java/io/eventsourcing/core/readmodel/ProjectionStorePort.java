package io.eventsourcing.core.readmodel;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Keeps what projections share between nodes: their generations, and which tables each of them writes.
 *
 * <p>Thread-safe. Methods throw {@link io.eventsourcing.core.event.TransientStoreException},
 * {@link io.eventsourcing.core.event.EventStoreUnavailableException} and
 * {@link io.eventsourcing.core.event.EventStoreRefusedException}.
 */
public interface ProjectionStorePort extends AppliedStreams {

    /**
     * Makes a version of a projection known. The first one is live from the beginning. One that is newer than all that are known is built
     * beside the live one, in tables that this makes.
     *
     * @param projection the name of the projection
     * @param version its version on this node
     * @param isInline whether appends handle their events for it
     * @param readModels what it writes
     * @return the generations of this version that events are handled for; empty if a newer version has taken its place
     */
    List<ProjectionGeneration> join(
            String projection, int version, boolean isInline, Collection<ReadModelType<?>> readModels);

    /**
     * Begins a batch, within its transaction: until the transaction ends, the state of the generation stays as it is, and the tables
     * keep their names.
     *
     * @param generation the generation, as it was known
     * @return the generation as it is now
     */
    ProjectionGeneration begin(ProjectionGeneration generation);

    /**
     * How all projections stand.
     *
     * @return their states, by name
     */
    Map<String, ProjectionState> states();

    /**
     * Has the nodes handle no events for a projection for now, or go on.
     *
     * @param projection the name of the projection
     * @param isPaused whether it rests
     * @return false if there is no such projection
     */
    boolean pause(String projection, boolean isPaused);

    /**
     * Empties the tables of the live generation, and begins another one with them at the beginning of the log. Readers see how it fills.
     *
     * @param live the live generation
     * @param readModels what it writes
     * @return false if a reader or a batch held it up; try again
     */
    boolean reset(ProjectionGeneration live, Collection<ReadModelType<?>> readModels);

    /**
     * Begins to build a projection anew beside the live one, in tables that this makes. If one is being built already, nothing
     * happens.
     *
     * @param projection the name of the projection
     * @param version its version on this node
     * @param isInline whether appends handle their events for it
     * @param readModels what it writes
     * @return the generation that is being built
     */
    ProjectionGeneration rebuild(
            String projection, int version, boolean isInline, Collection<ReadModelType<?>> readModels);

    /**
     * Ends the live generation: when this returns, its tables do not change any more, and the one that is being built can catch up with it.
     *
     * @param live the live generation
     * @return false if a batch held it up; try again
     */
    boolean close(ProjectionGeneration live);

    /**
     * Has a generation that was closed go on.
     *
     * @param closed the closed generation
     * @return false if a batch held it up; try again
     */
    boolean reopen(ProjectionGeneration closed);

    /**
     * Puts the tables that were built in the place of those that applications know, all at once: whoever reads meanwhile finds the old rows or
     * the new ones.
     *
     * @param built the generation that was built
     * @param readModels what it writes
     * @return false if a reader or a batch held it up; try again
     */
    boolean takeOver(ProjectionGeneration built, Collection<ReadModelType<?>> readModels);

    /**
     * Drops the tables of generations that have been replaced for some time.
     *
     * @param projection the name of the projection
     * @param forAtLeast for how long, in milliseconds
     * @param readModels what it writes
     */
    void dropRetired(String projection, long forAtLeast, Collection<ReadModelType<?>> readModels);
}
