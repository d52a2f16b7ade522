/** The event store in memory: the behaviour of the database without the database, for unit tests. */
@NullMarked
package io.eventsourcing.memory;

import org.jspecify.annotations.NullMarked;
