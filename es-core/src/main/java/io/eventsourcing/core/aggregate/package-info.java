/** Aggregates as pure functions. */
@NullMarked
package io.eventsourcing.core.aggregate;

import org.jspecify.annotations.NullMarked;
