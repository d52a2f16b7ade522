/** Snapshots: the state of a stream at a version, so that loading need not start at its first event. */
@NullMarked
package io.eventsourcing.core.snapshot;

import org.jspecify.annotations.NullMarked;
