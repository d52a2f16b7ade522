package io.eventsourcing.postgres.load;

import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.SnapshotAndEvents;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.stream.StreamVersion;

/** A load, and the versions that are due: from the first one to the last one, in steps of 1 or -1. */
record CheckedLoad(EventStream events, long first, long last, int step) {

    static CheckedLoad forward(EventStream events) {
        return new CheckedLoad(events, 1, events.version().value(), 1);
    }

    static CheckedLoad backward(EventStream events) {
        return new CheckedLoad(events, events.version().value(), 1, -1);
    }

    /** The snapshot's state is the number of the events in it. */
    static CheckedLoad afterSnapshot(SnapshotAndEvents<LoadState> loaded) {
        long snapshot = loaded.snapshot()
                .map(Snapshot::version)
                .orElse(StreamVersion.NONE)
                .value();
        if (loaded.snapshot().filter(s -> s.state().events() != snapshot).isPresent()) {
            throw new AssertionError("The snapshot is not of its version: " + loaded.snapshot());
        }
        return new CheckedLoad(
                loaded.events(), snapshot + 1, loaded.events().version().value(), 1);
    }

    /** Reads it to its end, and returns how many events there were. */
    long read() {
        long due = first;
        for (RecordedEvent event : events) {
            LoadEvent payload = (LoadEvent) event.payload();
            if (event.version().value() != due || payload.number() != due) {
                throw new AssertionError("Version " + due + " was due, but " + event.version() + " came.");
            }
            due += step;
        }
        if (due != last + step) {
            throw new AssertionError("The stream ended before version " + due + " of " + events.version() + ".");
        }
        return (due - first) * step;
    }
}
