package io.eventsourcing.core.event;

import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The latest readable snapshot of a stream and the events after it; all events where there is no such snapshot.
 *
 * @param <S> the state's class
 * @param snapshot the snapshot, or empty
 * @param events the events after the snapshot
 */
public record SnapshotAndEvents<S>(Optional<Snapshot<S>> snapshot, EventStream events) {

    /**
     * The version of the stream: what an append that builds on this state expects.
     *
     * @return the version
     */
    public StreamVersion version() {
        return events.version();
    }

    /**
     * The state of the stream: the snapshot, or {@code initial} without one, and then each event.
     *
     * @param initial the state of a stream without events
     * @param evolve gives the state after an event
     * @return the state at {@link #version()}
     */
    public S fold(S initial, BiFunction<? super S, ? super RecordedEvent, ? extends S> evolve) {
        return events.fold(snapshot.map(Snapshot::state).orElse(initial), evolve);
    }

    /**
     * The state of the stream: the snapshot, or {@code initial} without one, and then each payload.
     *
     * @param <E> what the stream's payloads have in common, such as a sealed interface
     * @param initial the state of a stream without events
     * @param payloads the class of the payloads
     * @param evolve gives the state after an event
     * @return the state at {@link #version()}
     * @throws ClassCastException if the stream has an event of another class
     */
    public <E> S fold(S initial, Class<E> payloads, BiFunction<? super S, ? super E, ? extends S> evolve) {
        return events.fold(snapshot.map(Snapshot::state).orElse(initial), payloads, evolve);
    }
}
