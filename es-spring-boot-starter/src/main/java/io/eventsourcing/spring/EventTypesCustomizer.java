package io.eventsourcing.spring;

import io.eventsourcing.core.serialization.EventTypes;

/**
 * Registers event classes beyond those that are found by themselves: classes outside the application's packages, classes
 * without an annotation, or classes under another name than the annotated one. Define a bean of this type.
 */
@FunctionalInterface
public interface EventTypesCustomizer {

    /**
     * Adds to the event types. Called once, after the classes that were found.
     *
     * @param types what was found so far
     */
    void customize(EventTypes.Builder types);
}
