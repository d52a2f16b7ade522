package io.eventsourcing.core.saga;

import java.time.Duration;
import java.util.Optional;

/** Keeps where processes stand. Calls for one process join the surrounding transaction. Thread-safe. */
public interface SagaStorePort {

    /**
     * Where a process stands.
     *
     * @param id which process
     * @return where; empty if it has not begun
     * @throws io.eventsourcing.core.event.EventStoreException if the store failed
     */
    Optional<SagaInstance> find(SagaId id);

    /**
     * Notes where a process stands, unless it has heard this event, or a later one, before.
     *
     * @param instance where it stands
     * @return whether that was noted
     * @throws io.eventsourcing.core.event.EventStoreException if the store failed
     */
    boolean save(SagaInstance instance);

    /**
     * Forgets processes of all tenants that were over long ago. An event that belongs to one of them begins it anew.
     *
     * @param completedBefore how long ago at least, by the clock of the store
     * @param atMost how many at most, 1 or more
     * @return how many were forgotten; less than {@code atMost} if no more are so old
     * @throws io.eventsourcing.core.event.EventStoreException if the store failed
     */
    int purge(Duration completedBefore, int atMost);
}
