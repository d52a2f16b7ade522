package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.saga.SagaId;
import io.eventsourcing.core.saga.SagaInstance;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;

/** Processes of sagas for tests that look at what is stored, and not at what it means. */
final class Processes {

    private Processes() {}

    static SagaInstance of(StreamId stream, boolean isComplete) {
        return new SagaInstance(
                new SagaId(stream.tenant(), "noting", stream.id()),
                new GlobalPosition(1),
                0,
                new SerializedPayload(new VersionedType("noting", 1), "{\"text\":\"secret\"}", null),
                isComplete);
    }
}
