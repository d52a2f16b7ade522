package io.eventsourcing.testkit.subscription;

import org.junit.jupiter.api.Nested;

/**
 * What every {@link io.eventsourcing.core.subscription.CheckpointPort} does, in tests that never skip.
 *
 * <p>An adapter's test extends it and says how the checkpoints are opened. The store need not be empty, and others may use it
 * meanwhile: each test makes subscriptions of its own.
 *
 * <p>The tests stand in nested classes, which surefire selects by their own names: run them alone with
 * {@code -Dtest='MyContractTest,CheckpointContract*'}.
 */
public abstract class CheckpointContract {

    /** For adapters' tests. */
    protected CheckpointContract() {}

    /**
     * Opens the checkpoints, once for each test.
     *
     * @return the checkpoints
     */
    protected abstract CheckpointsUnderTest open();

    @Nested
    final class Registration extends RegistrationRules {
        Registration() {
            super(CheckpointContract.this::open);
        }
    }

    @Nested
    final class Sharing extends SharingRules {
        Sharing() {
            super(CheckpointContract.this::open);
        }
    }

    @Nested
    final class Ownership extends OwnershipRules {
        Ownership() {
            super(CheckpointContract.this::open);
        }
    }

    @Nested
    final class Fencing extends FencingRules {
        Fencing() {
            super(CheckpointContract.this::open);
        }
    }

    @Nested
    final class ParkedEvents extends ParkingRules {
        ParkedEvents() {
            super(CheckpointContract.this::open);
        }
    }

    @Nested
    final class ParkedQueues extends ParkedQueueRules {
        ParkedQueues() {
            super(CheckpointContract.this::open);
        }
    }

    @Nested
    final class Locking extends LockRules {
        Locking() {
            super(CheckpointContract.this::open);
        }
    }

    @Nested
    final class RandomOperations extends RandomCheckpointRules {
        RandomOperations() {
            super(CheckpointContract.this::open);
        }
    }
}
