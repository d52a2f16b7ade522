/** Processes across aggregates: what happened is answered with commands. */
@NullMarked
package io.eventsourcing.core.saga;

import org.jspecify.annotations.NullMarked;
