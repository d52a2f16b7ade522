package io.eventsourcing.postgres.subscription;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;

/** What is appended while subscribers are killed. */
@EventType("subscription-sent")
record Sent(int number) {

    static final EventSerialization SERIALIZATION = EventSerialization.of(Sent.class);
}
