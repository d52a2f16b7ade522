package io.eventsourcing.core.command;

import io.eventsourcing.core.aggregate.Decider;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * The classes that a decider's type parameters stand for.
 *
 * @param command its commands
 * @param state its state
 * @param event its events
 */
record DeciderTypes<C, S, E>(Class<C> command, Class<S> state, Class<E> event) {

    static <C, S, E> DeciderTypes<C, S, E> of(Decider<C, S, E> decider) {
        TypeFactory generics = TypeFactory.createDefaultInstance();
        JavaType[] types = generics.findTypeParameters(generics.constructType(decider.getClass()), Decider.class);
        return new DeciderTypes<>(classOf(types, 0, decider), classOf(types, 1, decider), classOf(types, 2, decider));
    }

    @SuppressWarnings("unchecked") // it is the argument of that very parameter
    private static <T> Class<T> classOf(JavaType[] types, int place, Decider<?, ?, ?> decider) {
        if (types.length < 3 || types[place].getRawClass() == Object.class) {
            throw new CommandHandlerConfigurationException(
                    "The decider " + decider.getClass().getName()
                            + " does not say what its commands, its state and its events are. It was not registered. Write a class that implements"
                            + " Decider with three classes for them, not a lambda and not Object.");
        }
        return (Class<T>) types[place].getRawClass();
    }
}
