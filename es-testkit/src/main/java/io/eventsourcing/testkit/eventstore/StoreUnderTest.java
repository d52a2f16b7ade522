package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.snapshot.SnapshotPort;

/**
 * A store that a contract suite examines: both ports over the same data.
 *
 * @param events where events are appended and loaded
 * @param snapshots where snapshots of the same streams are kept
 */
public record StoreUnderTest(EventStorePort events, SnapshotPort snapshots) {}
