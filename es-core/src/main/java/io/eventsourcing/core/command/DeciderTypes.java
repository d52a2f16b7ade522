package io.eventsourcing.core.command;

import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.serialization.TypeArguments;
import java.util.List;

/**
 * The classes that a decider's type parameters stand for.
 *
 * @param command its commands
 * @param state its state
 * @param event its events
 */
record DeciderTypes<C, S, E>(Class<C> command, Class<S> state, Class<E> event) {

    private static final int PARAMETERS = 3;

    @SuppressWarnings("unchecked") // each is the argument of that very parameter
    static <C, S, E> DeciderTypes<C, S, E> of(Decider<C, S, E> decider) {
        List<Class<?>> types = TypeArguments.of(decider.getClass(), Decider.class);
        if (types.size() < PARAMETERS || types.contains(Object.class)) {
            throw new CommandHandlerConfigurationException(
                    "The decider " + decider.getClass().getName()
                            + " does not say what its commands, its state and its events are. It was not registered. Write a class that implements"
                            + " Decider with three classes for them, not a lambda and not Object.");
        }
        return new DeciderTypes<>((Class<C>) types.get(0), (Class<S>) types.get(1), (Class<E>) types.get(2));
    }
}
