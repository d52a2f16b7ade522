package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;

/** The event that the tests append. */
@EventType("subscription-counted")
record Counted(int number) {

    static EventSerialization serialization() {
        return EventSerialization.of(Counted.class, Renamed.class);
    }
}
