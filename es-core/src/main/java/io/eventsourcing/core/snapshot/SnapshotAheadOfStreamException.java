package io.eventsourcing.core.snapshot;

import io.eventsourcing.core.EventSourcingException;

/**
 * A snapshot claims to include events that its stream does not have. It was not kept, because loading it would give a
 * state that never was.
 */
public final class SnapshotAheadOfStreamException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the snapshot and what the stream really has.
     *
     * @param snapshot the snapshot that was refused
     * @param actual the version its stream is at
     */
    public SnapshotAheadOfStreamException(Snapshot<?> snapshot, long actual) {
        super(
                "A snapshot of stream " + snapshot.stream() + " claims version " + snapshot.version()
                        + ", but the stream is at version " + actual
                        + ". The snapshot was not kept. Take snapshots of state that was loaded or appended, after its commit.");
    }
}
