package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.SubscriptionStatus;
import io.eventsourcing.core.subscription.Subscriptions;
import java.time.Duration;

/** A node of a test: its own tail of the log, and its own subscriptions. */
final class Node implements AutoCloseable {

    private static final TailSettings EAGER =
            new TailSettings(1_000, Duration.ofMinutes(1), Duration.ofMillis(1), Duration.ofMillis(10));

    private final LogTail tail;
    final Subscriptions subscriptions;

    Node(SubscriptionsUnderTest store, CheckpointPort checkpoints, EventSerialization serialization, Duration lease) {
        this.tail = new LogTail(store.log(), serialization, EAGER);
        this.subscriptions = new Subscriptions(
                tail, store.log(), checkpoints, new SubscriptionSettings("test node", lease, Duration.ofSeconds(10)));
    }

    Node running(Subscription subscription) {
        subscriptions.start(subscription);
        return this;
    }

    SubscriptionStatus status() {
        return subscriptions.status().get(0);
    }

    int segments() {
        return status().segments().size();
    }

    @Override
    public void close() {
        subscriptions.close();
        tail.close();
    }
}
