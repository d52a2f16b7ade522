package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.Collection;
import java.util.Map;

/**
 * For adapters: up to which version a generation of an inline projection has the events of streams. The append that has handled its events,
 * and the subscription that follows, tell each other by it, so that each event counts once.
 */
public interface AppliedStreams {

    /**
     * Up to which version the generation has the events of streams. They may be further when this returns.
     *
     * @param generation the generation
     * @param streams the streams
     * @return the version of each; {@link StreamVersion#NONE} for those of which it has nothing
     */
    Map<StreamId, StreamVersion> applied(ProjectionGeneration generation, Collection<StreamId> streams);

    /**
     * The same, for who is about to change the rows of these streams: until the transaction ends, nobody else does.
     *
     * @param generation the generation
     * @param streams the streams
     * @return the version of each; {@link StreamVersion#NONE} for those of which it has nothing
     */
    Map<StreamId, StreamVersion> lockApplied(ProjectionGeneration generation, Collection<StreamId> streams);

    /**
     * Notes that the generation has the events of streams, once the transaction commits.
     *
     * @param generation the generation
     * @param reached streams that this transaction has locked, and their versions
     */
    void apply(ProjectionGeneration generation, Map<StreamId, StreamVersion> reached);
}
