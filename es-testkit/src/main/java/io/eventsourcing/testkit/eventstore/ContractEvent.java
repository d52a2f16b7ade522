package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;

/** The events that most of the suites' tests append. */
sealed interface ContractEvent {

    @EventType("contract-noted")
    record Noted(String text) implements ContractEvent {}

    @EventType("contract-counted")
    record Counted(int number) implements ContractEvent {}

    /** Knows these events and nothing else. */
    static EventSerialization serialization() {
        return EventSerialization.of(ContractEvent.class);
    }

    /** Knows these events, for tests that add something. */
    static EventSerialization.Builder serializationBuilder() {
        return EventSerialization.builder(EventTypes.of(ContractEvent.class));
    }
}
