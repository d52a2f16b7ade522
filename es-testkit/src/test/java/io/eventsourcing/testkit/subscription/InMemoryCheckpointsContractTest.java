package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.subscription.Lease;
import io.eventsourcing.memory.InMemoryCheckpoints;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

class InMemoryCheckpointsContractTest extends CheckpointContract {

    @Override
    protected CheckpointsUnderTest open() {
        InMemoryCheckpoints checkpoints = new InMemoryCheckpoints();
        // a lease of no duration is over at once; it keeps the segments of the node until somebody renews
        return new CheckpointsUnderTest(
                checkpoints, node -> checkpoints.renew(new Lease(node, "expired", Map.of(), Set.of(), Duration.ZERO)));
    }
}
