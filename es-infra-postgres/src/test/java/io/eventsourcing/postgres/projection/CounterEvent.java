package io.eventsourcing.postgres.projection;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;

/** What happens to counters. Each event has the tag of its counter, and may be in any stream. */
sealed interface CounterEvent {

    EventSerialization SERIALIZATION = EventSerialization.of(Opened.class, Counted.class);

    /** Comes before all others of its counter. */
    @EventType("counter-opened")
    record Opened(String counter) implements CounterEvent {}

    @EventType("counter-counted")
    record Counted(String counter, long amount) implements CounterEvent {}
}
