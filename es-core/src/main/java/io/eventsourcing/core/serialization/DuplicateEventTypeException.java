package io.eventsourcing.core.serialization;

import io.eventsourcing.core.EventSourcingException;

/** Two event classes have one name. Found at start. */
public final class DuplicateEventTypeException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the type and both classes.
     *
     * @param name the name that both have
     * @param first one class
     * @param second the other class
     */
    public DuplicateEventTypeException(String name, Class<?> first, Class<?> second) {
        super("Two event classes have the name '" + name + "': " + sorted(first, second)
                + ". Stored events of that name could not be told apart. Give one of them another name.");
    }

    private static String sorted(Class<?> first, Class<?> second) {
        boolean inOrder = first.getName().compareTo(second.getName()) <= 0;
        return (inOrder ? first : second).getName() + " and " + (inOrder ? second : first).getName();
    }
}
