package io.eventsourcing.spring;

import io.eventsourcing.core.serialization.EventSerialization;

/**
 * Changes the serialization beyond what beans and properties say. Define a bean of this type.
 *
 * <p>This is the place for upcasters of snapshots and for types of snapshots that are not annotated: an {@code Upcaster}
 * that is a bean is always one of events, because nothing else could tell the two apart.
 */
@FunctionalInterface
public interface EventSerializationCustomizer {

    /**
     * Adds to the serialization. Called once, after beans and properties were applied.
     *
     * @param serialization what was set so far
     */
    void customize(EventSerialization.Builder serialization);
}
