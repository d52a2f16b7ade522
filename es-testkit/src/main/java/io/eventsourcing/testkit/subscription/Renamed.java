package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.event.EventType;

/** An event that not every serialization in these tests knows. */
@EventType("subscription-renamed")
record Renamed(int number) {}
