package io.eventsourcing.postgres.crash;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;

/** What the writers append. */
@EventType("crash-noted")
record CrashEvent(String text) {

    static final EventSerialization SERIALIZATION = EventSerialization.of(CrashEvent.class);
}
