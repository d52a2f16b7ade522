package io.eventsourcing.benchmarks;

import io.eventsourcing.core.event.EventType;

/** The event that is stored: 300 bytes of JSON. */
@EventType("measured")
record Measured(String text) {

    /** 300 bytes less those of {@code {"text":""}}. */
    static final String TEXT = "x".repeat(300 - 11);
}
