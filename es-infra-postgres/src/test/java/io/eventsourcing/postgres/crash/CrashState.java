package io.eventsourcing.postgres.crash;

import io.eventsourcing.core.snapshot.SnapshotType;

/** A snapshot that names the append it was committed with. */
@SnapshotType("crash-state")
record CrashState(String append) {}
