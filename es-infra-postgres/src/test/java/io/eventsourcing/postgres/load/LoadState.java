package io.eventsourcing.postgres.load;

import io.eventsourcing.core.snapshot.SnapshotType;

/** The state that snapshots of those streams hold. */
@SnapshotType("load-state")
record LoadState(long events) {}
