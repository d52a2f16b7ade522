package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The events of one stream as they were when it was loaded, read in pages while they are iterated: however long the stream,
 * memory stays bounded.
 *
 * <p>There is nothing to close; no connection is held between pages. Each iteration starts anew and gives the same events.
 * If the stream is deleted while an iteration is under way, the iteration ends with a {@link StreamDeletedException}, never
 * early and quietly. A stream that was loaded within a transaction belongs to it: iterate it there, because what it has seen
 * of the transaction's own events is void after a rollback. Immutable; each iterator belongs to one thread.
 */
public final class EventStream implements Iterable<RecordedEvent> {

    private final StreamId id;
    private final StreamVersion version;
    private final Supplier<Iterator<RecordedEvent>> events;

    /**
     * For adapters: a loaded stream.
     *
     * @param id the stream
     * @param version its version when it was loaded
     * @param events starts an iteration
     */
    public EventStream(StreamId id, StreamVersion version, Supplier<Iterator<RecordedEvent>> events) {
        this.id = id;
        this.version = version;
        this.events = events;
    }

    /**
     * The stream.
     *
     * @return its identity
     */
    public StreamId id() {
        return id;
    }

    /**
     * The version that the stream had when it was loaded: what an append that builds on these events expects. It counts
     * the events that are stored, also those that an upcaster dropped or that lie outside the part that was asked for.
     *
     * @return the version; {@link StreamVersion#NONE} if the stream was never written
     */
    public StreamVersion version() {
        return version;
    }

    /**
     * Tells whether the stream has events.
     *
     * @return true if it was ever written
     */
    public boolean exists() {
        return !version.equals(StreamVersion.NONE);
    }

    @Override
    public Iterator<RecordedEvent> iterator() {
        return events.get();
    }

    /**
     * The events, lazily.
     *
     * @return a sequential stream that needs no closing
     */
    public Stream<RecordedEvent> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /**
     * All events at once, in memory.
     *
     * @return the events
     */
    public List<RecordedEvent> toList() {
        return stream().toList();
    }

    /**
     * Folds the events into a state, one after the other.
     *
     * @param <S> the state
     * @param initial the state before the first event
     * @param evolve gives the state after an event
     * @return the state after the last event
     */
    public <S> S fold(S initial, BiFunction<? super S, ? super RecordedEvent, ? extends S> evolve) {
        S state = initial;
        for (RecordedEvent event : this) {
            state = evolve.apply(state, event);
        }
        return state;
    }

    /**
     * Folds the payloads into a state, one after the other.
     *
     * @param <S> the state
     * @param <E> what the stream's payloads have in common, such as a sealed interface
     * @param initial the state before the first event
     * @param payloads the class of the payloads
     * @param evolve gives the state after an event
     * @return the state after the last event
     * @throws ClassCastException if the stream has an event of another class
     */
    public <S, E> S fold(S initial, Class<E> payloads, BiFunction<? super S, ? super E, ? extends S> evolve) {
        return fold(initial, (state, event) -> evolve.apply(state, payloads.cast(event.payload())));
    }
}
