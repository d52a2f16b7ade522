package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.readmodel.InlineProjectionPort;
import io.eventsourcing.core.readmodel.ProjectionStorePort;
import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.subscription.CheckpointPort;

/**
 * What the contract suite runs projections on.
 *
 * @param events the store that is appended to
 * @param log its log
 * @param checkpoints how far subscriptions have come
 * @param generations how projections stand
 * @param rows the rows of their read models
 * @param inline lets projections take part in the appends of the store
 */
public record ProjectionsUnderTest(
        EventStorePort events,
        EventLogPort log,
        CheckpointPort checkpoints,
        ProjectionStorePort generations,
        ReadModelStorePort rows,
        InlineProjectionPort inline) {}
