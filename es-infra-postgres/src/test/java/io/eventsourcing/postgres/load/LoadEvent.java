package io.eventsourcing.postgres.load;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;

/** The event of the streams that are read. */
@EventType("load-noted")
record LoadEvent(long number, String text) {

    static final EventSerialization SERIALIZATION = EventSerialization.of(LoadEvent.class);
}
