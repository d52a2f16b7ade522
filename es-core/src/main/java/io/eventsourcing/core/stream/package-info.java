/** Streams: their identity, their version, and what an append expects of it. */
@NullMarked
package io.eventsourcing.core.stream;

import org.jspecify.annotations.NullMarked;
