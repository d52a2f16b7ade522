package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.log.EventLogPort;

/**
 * A log that the contract suite examines, and the store whose log it is.
 *
 * @param events where events are appended
 * @param log where they are read
 */
public record LogUnderTest(EventStorePort events, EventLogPort log) {}
