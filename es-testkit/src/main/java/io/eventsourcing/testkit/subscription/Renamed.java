package io.eventsourcing.testkit.subscription;

/** An event that not every serialization in these tests knows. */
record Renamed(int number) {}
