package io.eventsourcing.core.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a node may believe of its lease, by its own clock, which is the test's. */
class NodeLeaseTest {

    private static final Duration LEASE = Duration.ofSeconds(3);

    private final AtomicLong nanos = new AtomicLong();
    private final OneCheckpoint checkpoints = new OneCheckpoint();
    private final AtomicInteger newTokens = new AtomicInteger();
    private final NodeLease lease = new NodeLease(
            checkpoints,
            new SubscriptionSettings("node", LEASE, Duration.ZERO),
            newTokens::incrementAndGet,
            nanos::get);
    private final List<RunningSubscription> subscriptions = List.of(new RunningSubscription(
            Subscription.named("other").handledBy(events -> {}), null, checkpoints, null, () -> true));

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

    /** They may be those of another server, whose log is another one. */
    @Test
    void tokensThatAreNewAreToldBeforeAnybodyWorksWithThem() {
        checkpoints.owned = List.of(new OwnedSegment(OneCheckpoint.START, true, false));
        lease.renew(List.of());
        assertThat(newTokens.get()).isZero();
        lease.renew(subscriptions);
        assertThat(newTokens.get()).isEqualTo(1);
        lease.renew(subscriptions);
        assertThat(newTokens.get()).as("the same ones").isEqualTo(1);

        Checkpoint taken = new Checkpoint(OneCheckpoint.START.segment(), OneCheckpoint.START.position(), 2);
        checkpoints.owned = List.of(new OwnedSegment(taken, true, false));
        lease.renew(subscriptions);
        assertThat(newTokens.get()).isEqualTo(2);
    }

    /** A timer may ring once more. */
    @Test
    void aLeaseThatWasGivenUpForGoodIsNotRenewed() {
        lease.close();
        checkpoints.whileRenewing = () -> {
            throw new AssertionError("renewed");
        };
        lease.renew(subscriptions);

        assertThat(lease.isValid()).isFalse();
        assertThat(subscriptions.get(0).status().problem())
                .as("nothing was tried")
                .isNull();
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
