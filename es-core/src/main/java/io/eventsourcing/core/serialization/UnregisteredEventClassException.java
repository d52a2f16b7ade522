package io.eventsourcing.core.serialization;

import io.eventsourcing.core.EventSourcingException;

/** An event's class is not registered, so there is no name to store it under. Nothing was written. */
public final class UnregisteredEventClassException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the class.
     *
     * @param eventClass the class of the payload
     */
    public UnregisteredEventClassException(Class<?> eventClass) {
        super("The class " + eventClass.getName()
                + " is not registered as an event. Nothing was written. Annotate it with @EventType(\"some-name\")"
                + " and register it, or the sealed type that permits it, in EventTypes. The Spring Boot starter finds annotated"
                + " classes in the application's packages; others are registered with an EventTypesCustomizer bean.");
    }
}
