package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogEntry;

/** An entry of the log on its way to its segment. */
record Routed(LogEntry entry, String key) {

    GlobalPosition position() {
        return entry.position();
    }
}
