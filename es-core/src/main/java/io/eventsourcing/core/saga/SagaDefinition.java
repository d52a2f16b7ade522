package io.eventsourcing.core.saga;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.core.subscription.StartPosition;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A process across aggregates, as pure functions: which process an event belongs to, what it makes of its state, and which commands follow.
 *
 * <p>Each process hears its events one after the other, in the order of their positions, and each event counts once. The functions may be
 * called again for the same event, after an error or a crash; so they have no effects, and always give the same answer. Commands that the
 * domain rejects are not heard of: where a refusal matters to the process, the aggregate records an event that says so. Thread-safe.
 *
 * @param <S> the state of a process, such as a record
 */
public interface SagaDefinition<S> {

    /**
     * Its identity in the store, for ever; with the rules of the type of a stream.
     *
     * @return the name
     */
    String name();

    /**
     * The events that it wants to hear.
     *
     * @return their classes, or what they have in common, such as a sealed interface; empty for all events
     */
    default Set<Class<?>> hears() {
        return Set.of();
    }

    /**
     * Where it starts when its store meets it for the first time: at the end of the log unless said otherwise, because commands in answer to
     * old events would come late.
     *
     * @return the start
     */
    default StartPosition start() {
        return StartPosition.now();
    }

    /**
     * The process that an event belongs to. It begins with the first event that does.
     *
     * @param event the event
     * @return the id of the process within the event's tenant, such as the id of an order; empty if the event is of no interest
     */
    Optional<String> instanceOf(RecordedEvent event);

    /**
     * The state of a process that has heard nothing.
     *
     * @return the state
     */
    S initialState();

    /**
     * What an event makes of the state.
     *
     * @param state the state before the event
     * @param event the event
     * @return the state after it
     */
    S evolve(S state, RecordedEvent event);

    /**
     * What follows from an event.
     *
     * @param state the state after the event
     * @param event the event
     * @return the commands that are sent now, or later, and whether the process is over
     */
    ProcessPlan plan(S state, RecordedEvent event);

    /**
     * The schema version of the state. A new one needs a {@link #stateUpcasters upcaster} from the one before.
     *
     * @return the version
     */
    default int stateVersion() {
        return 1;
    }

    /**
     * Lead from older schema versions of the state to that of today. Their types have the name of the saga.
     *
     * @return the upcasters
     */
    default List<Upcaster> stateUpcasters() {
        return List.of();
    }
}
