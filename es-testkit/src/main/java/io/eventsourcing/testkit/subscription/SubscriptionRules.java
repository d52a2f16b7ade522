package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of subscriptions share. Each has a tenant of its own, and sees the events of no other. */
abstract class SubscriptionRules {

    static final Duration LEASE = Duration.ofSeconds(2);

    private final Function<EventSerialization, SubscriptionsUnderTest> opener;
    private final List<Node> nodes = new ArrayList<>();

    final TenantId tenant = TenantId.of("t-" + UUID.randomUUID());
    final String name = "s-" + UUID.randomUUID();
    final Duration patience;
    final Handled handled;
    SubscriptionsUnderTest store;
    EventSerialization serialization = Counted.serialization();

    @SuppressWarnings("NullAway.Init") // opened before each test
    SubscriptionRules(Function<EventSerialization, SubscriptionsUnderTest> opener, Duration patience) {
        this.opener = opener;
        this.patience = patience;
        this.handled = new Handled(patience);
    }

    @BeforeEach
    void openStore() {
        reopen(Counted.serialization());
    }

    @AfterEach
    void closeNodes() {
        nodes.forEach(Node::close);
    }

    /** From now on the test uses a store with this serialization over the same data. */
    final void reopen(EventSerialization other) {
        serialization = other;
        store = opener.apply(other);
    }

    final Node node() {
        return node(LEASE, store.checkpoints());
    }

    final Node node(Duration lease, CheckpointPort checkpoints) {
        Node node = new Node(store, checkpoints, serialization, lease);
        nodes.add(node);
        return node;
    }

    /** A subscription to the test's tenant, from the beginning, which is impatient when something fails. */
    final Subscription.Builder subscription() {
        return Subscription.named(name)
                .filter(LogFilter.ALL.ofTenant(tenant))
                .startingAt(StartPosition.beginning())
                .retry(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5)));
    }

    final StreamId stream(String id) {
        return new StreamId(tenant, "counter", id);
    }

    final AppendResult append(String streamId, int... numbers) {
        return store.events()
                .append(AppendRequest.of(
                        stream(streamId),
                        ExpectedVersion.any(),
                        IntStream.of(numbers).mapToObj(Counted::new).toArray()));
    }

    static List<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }
}
