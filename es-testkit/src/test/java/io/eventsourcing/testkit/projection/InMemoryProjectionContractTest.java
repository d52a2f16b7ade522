package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.memory.InMemoryCheckpoints;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.memory.InMemoryInlineProjections;
import io.eventsourcing.memory.InMemoryProjections;
import io.eventsourcing.memory.InMemoryReadModels;
import org.junit.jupiter.api.BeforeEach;

class InMemoryProjectionContractTest extends ProjectionContract {

    private InMemoryCheckpoints checkpoints;
    private InMemoryReadModels rows;
    private InMemoryProjections projections;
    private InMemoryEventStore events;

    @BeforeEach
    void begin() {
        checkpoints = new InMemoryCheckpoints();
        rows = new InMemoryReadModels(checkpoints);
        projections = new InMemoryProjections(checkpoints, rows);
        events = null;
    }

    @Override
    protected ProjectionsUnderTest open(EventSerialization serialization) {
        events = events == null ? new InMemoryEventStore(serialization) : events.reopenWith(serialization);
        return new ProjectionsUnderTest(
                events, events, checkpoints, projections, rows, new InMemoryInlineProjections(events, projections));
    }
}
