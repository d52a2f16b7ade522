package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.subscription.CheckpointPort;

/**
 * What the contract suite runs subscriptions on.
 *
 * @param events where events are appended
 * @param log where they are read
 * @param checkpoints where the state of subscriptions is kept
 */
public record SubscriptionsUnderTest(EventStorePort events, EventLogPort log, CheckpointPort checkpoints) {}
