package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** What tests share whose handler fails until it is mended. */
abstract class BreakableHandlerRules extends SubscriptionRules {

    final AtomicBoolean isBroken = new AtomicBoolean(true);

    BreakableHandlerRules(Function<EventSerialization, SubscriptionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    /** Fails at one number for as long as it is broken. */
    final SubscriptionHandler failingAt(int number) {
        return SubscriptionHandler.each(event -> {
            if (Handled.number(event) == number && isBroken.get()) {
                throw new IllegalStateException("number " + number);
            }
            handled.add(List.of(event));
        });
    }

    final List<ParkedEvent> parked(Node node) {
        return node.subscriptions.parked().list(new ParkedQuery(name, null, GlobalPosition.START, 100));
    }

    final void awaitParked(Node node, int count) {
        handled.await(() -> parked(node).size() >= count);
    }

    final String key(String streamId) {
        return tenant + ":counter:" + streamId;
    }
}
