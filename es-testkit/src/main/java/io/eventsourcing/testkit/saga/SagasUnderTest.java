package io.eventsourcing.testkit.saga;

import io.eventsourcing.core.saga.SagaStorePort;
import io.eventsourcing.testkit.command.CommandsUnderTest;
import io.eventsourcing.testkit.subscription.SubscriptionsUnderTest;

/**
 * What the contract suite runs sagas on.
 *
 * @param sagas where their processes stand
 * @param subscriptions the events that they hear
 * @param commands the commands that they send
 */
public record SagasUnderTest(SagaStorePort sagas, SubscriptionsUnderTest subscriptions, CommandsUnderTest commands) {}
