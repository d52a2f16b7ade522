package io.eventsourcing.testkit.saga;

import io.eventsourcing.core.saga.SagaId;
import io.eventsourcing.core.saga.SagaInstance;
import io.eventsourcing.core.saga.SagaStorePort;
import java.time.Duration;
import java.util.Optional;

/** A store that forgets everything, to see which tests notice. */
public final class DoNothingSagas implements SagaStorePort {

    @Override
    public Optional<SagaInstance> find(SagaId id) {
        return Optional.empty();
    }

    @Override
    public boolean save(SagaInstance instance) {
        return true;
    }

    @Override
    public int purge(Duration completedBefore, int atMost) {
        return 0;
    }
}
