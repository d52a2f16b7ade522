package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.subscription.CheckpointPort;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Checkpoints that the contract suite examines.
 *
 * @param checkpoints the checkpoints
 * @param expireLease lets the lease of a node be over now, as if the node had not renewed it in time; other leases last
 */
public record CheckpointsUnderTest(CheckpointPort checkpoints, Consumer<UUID> expireLease) {}
