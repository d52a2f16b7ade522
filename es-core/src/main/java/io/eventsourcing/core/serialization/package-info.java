/** Serialization: events and snapshots as JSON and back, through upcasters. The only package that knows Jackson. */
@NullMarked
package io.eventsourcing.core.serialization;

import org.jspecify.annotations.NullMarked;
