package io.eventsourcing.memory;

import io.eventsourcing.core.saga.SagaId;
import io.eventsourcing.core.saga.SagaInstance;
import io.eventsourcing.core.saga.SagaStorePort;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The processes of sagas in memory. They are gone when the application ends. Thread-safe. */
public final class InMemorySagaStore implements SagaStorePort {

    private final Clock clock;

    /** Guarded by this. */
    private final Map<SagaId, Row> rows = new HashMap<>();

    private record Row(SagaInstance instance, Instant changedAt) {}

    /** A store without processes, on the system's clock. */
    public InMemorySagaStore() {
        this(Clock.systemUTC());
    }

    /**
     * A store without processes.
     *
     * @param clock tells how long ago a process was over
     */
    public InMemorySagaStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Optional<SagaInstance> find(SagaId id) {
        return Optional.ofNullable(rows.get(id)).map(Row::instance);
    }

    @Override
    public synchronized boolean save(SagaInstance instance) {
        Row known = rows.get(instance.id());
        if (known != null && !known.instance().isBefore(instance)) {
            return false;
        }
        rows.put(instance.id(), new Row(instance, clock.instant()));
        return true;
    }

    @Override
    public synchronized int purge(Duration completedBefore, int atMost) {
        if (atMost < 1) {
            throw new IllegalArgumentException(
                    "At most " + atMost + " processes are to be purged. Nothing was. Give 1 or more.");
        }
        Instant before = clock.instant().minus(completedBefore);
        List<SagaId> old = rows.values().stream()
                .filter(row -> row.instance().isComplete() && !row.changedAt().isAfter(before))
                .map(row -> row.instance().id())
                .limit(atMost)
                .toList();
        old.forEach(rows::remove);
        return old.size();
    }
}
