package io.eventsourcing.benchmarks;

import io.eventsourcing.core.event.EventType;

/** The event that projections handle: about 150 bytes of JSON. */
@EventType("line-changed")
record LineChanged(String key, int number, String text) {

    static final String TEXT = "x".repeat(100);
}
