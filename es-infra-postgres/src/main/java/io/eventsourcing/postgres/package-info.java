/**
 * The event store on PostgreSQL. Start with {@link io.eventsourcing.postgres.EventStoreSchema} and
 * {@link io.eventsourcing.postgres.PostgresEventStore}; behind them is one class for each SQL operation.
 */
@NullMarked
package io.eventsourcing.postgres;

import org.jspecify.annotations.NullMarked;
