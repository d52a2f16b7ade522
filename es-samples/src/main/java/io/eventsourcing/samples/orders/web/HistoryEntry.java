package io.eventsourcing.samples.orders.web;

import io.eventsourcing.core.event.RecordedEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event as it is answered. */
record HistoryEntry(
        long version,
        String type,
        Instant occurredAt,
        Instant recordedAt,
        @Nullable String correlationId,
        @Nullable String actor,
        Object payload) {

    static HistoryEntry of(RecordedEvent event) {
        return new HistoryEntry(
                event.version().value(),
                event.type().name(),
                event.occurredAt(),
                event.recordedAt(),
                event.metadata().correlationId(),
                event.metadata().actor(),
                event.payload());
    }
}
