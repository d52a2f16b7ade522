/**
 * The contract that every event store keeps, as test suites: extend one, say how the store is opened, and each of its tests
 * runs against that store.
 */
@NullMarked
package io.eventsourcing.testkit.eventstore;

import org.jspecify.annotations.NullMarked;
