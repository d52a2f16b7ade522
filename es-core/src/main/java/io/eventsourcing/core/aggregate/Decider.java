package io.eventsourcing.core.aggregate;

import java.util.List;

/**
 * The rules of one kind of aggregate, as pure functions: what a command means in a state, and what an event makes of it. Declare a bean
 * of it with {@link Aggregate}, and the command bus loads the state, decides, and appends.
 *
 * <p>The functions may be called again for the same command, when somebody else was faster; so they have no effects. Thread-safe.
 *
 * @param <C> the commands, such as a sealed interface
 * @param <S> the state; with a {@link io.eventsourcing.core.snapshot.SnapshotType} where it has snapshots
 * @param <E> the events, such as a sealed interface
 */
public interface Decider<C, S, E> {

    /**
     * The state of a stream without events.
     *
     * @return the state
     */
    S initialState();

    /**
     * What a command leads to.
     *
     * @param command the command
     * @param state the state of its stream
     * @return the events to append; none if there is nothing to do, which is a success
     * @throws io.eventsourcing.core.command.CommandRejectedException if the domain says no
     */
    List<? extends E> decide(C command, S state);

    /**
     * What an event makes of a state. It must accept every event that was ever appended to such a stream.
     *
     * @param state the state before the event
     * @param event the event
     * @return the state after it
     */
    S evolve(S state, E event);
}
