package io.eventsourcing.core.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a node may believe of its lease, by its own clock, which is the test's. */
class NodeLeaseTest {

    private static final Duration LEASE = Duration.ofSeconds(3);

    private final AtomicLong nanos = new AtomicLong();
    private final OneCheckpoint checkpoints = new OneCheckpoint();
    private final NodeLease lease =
            new NodeLease(checkpoints, new SubscriptionSettings("node", LEASE, Duration.ZERO), () -> {}, nanos::get);
    private final List<RunningSubscription> subscriptions = List.of(new RunningSubscription(
            Subscription.named("s").handledBy(events -> {}), null, checkpoints, null, () -> true));

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** The store may have begun the lease at once, and the answer may have taken long. */
    @Test
    void theLeaseIsOverByTheTimeAtWhichTheRenewalWasSent() {
        checkpoints.whileRenewing = () -> passes(Duration.ofSeconds(2));
        lease.renew(subscriptions);

        assertThat(lease.isValid()).isTrue();
        passes(Duration.ofSeconds(1));
        assertThat(lease.isValid()).isFalse();
    }

    @Test
    void aLeaseThatNobodyWantsIsNotOverdue() {
        passes(LEASE.multipliedBy(2));
        lease.renew(List.of());
        passes(LEASE.multipliedBy(2));

        assertThat(lease.isOverdue()).isFalse();
    }

    /** It reports nothing, and nothing is handled. */
    @Test
    void theLeaseIsOverdueIfTheFirstRenewalIsNotAnswered() {
        checkpoints.whileRenewing = () -> {
            assertThat(lease.isOverdue()).isFalse();
            passes(LEASE.plusNanos(1));
            assertThat(lease.isOverdue()).isTrue();
        };
        lease.renew(subscriptions);
    }

    @Test
    void theLeaseIsOverdueIfNoRenewalFollows() {
        lease.renew(subscriptions);
        passes(LEASE.dividedBy(2));
        lease.renew(subscriptions);
        passes(LEASE.minusNanos(1));
        assertThat(lease.isOverdue()).isFalse();

        passes(Duration.ofNanos(2));
        assertThat(lease.isOverdue()).isTrue();
        lease.renew(List.of());
        assertThat(lease.isOverdue()).as("given up").isFalse();
    }
}
