package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.serialization.EventSerialization;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/**
 * What subscriptions do on every store, in tests that never skip.
 *
 * <p>An adapter's test extends it and says how the store is opened. The store need not be empty. The tests stand in nested classes,
 * which surefire selects by their own names: run them alone with {@code -Dtest='MyContractTest,SubscriptionContract*'}.
 */
public abstract class SubscriptionContract {

    /** For adapters' tests. */
    protected SubscriptionContract() {}

    /**
     * Opens the store. Whatever is opened within one test sees the same data.
     *
     * @param serialization what the store writes and reads with
     * @return the store, its log and its checkpoints
     */
    protected abstract SubscriptionsUnderTest open(EventSerialization serialization);

    /**
     * How long a test waits for what does not come, before it fails.
     *
     * @return 30 seconds unless overridden
     */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    @Nested
    final class Delivering extends DeliveryRules {
        Delivering() {
            super(SubscriptionContract.this::open, patience());
        }
    }

    @Nested
    final class Failing extends FailureRules {
        Failing() {
            super(SubscriptionContract.this::open, patience());
        }
    }

    @Nested
    final class Parking extends ParkedEventRules {
        Parking() {
            super(SubscriptionContract.this::open, patience());
        }
    }

    @Nested
    final class Starting extends StartRules {
        Starting() {
            super(SubscriptionContract.this::open, patience());
        }
    }

    @Nested
    final class Sharing extends NodeSharingRules {
        Sharing() {
            super(SubscriptionContract.this::open, patience());
        }
    }
}
