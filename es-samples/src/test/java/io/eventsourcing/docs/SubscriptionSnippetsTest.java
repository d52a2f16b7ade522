package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.EventHandlers;
import io.eventsourcing.core.subscription.EventSubscriber;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedEvents;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.core.subscription.RetryResult;
import io.eventsourcing.core.subscription.SequencingPolicy;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.docs.application.OrderEvent;
import io.eventsourcing.docs.application.OrderEvent.Placed;
import io.eventsourcing.docs.application.OrderEvent.Shipped;
import io.eventsourcing.memory.InMemoryCheckpoints;
import io.eventsourcing.memory.InMemoryEventStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What docs/subscriptions.md shows. */
class SubscriptionSnippetsTest {

    private static final List<String> MAILS = new CopyOnWriteArrayList<>();

    private final EventSerialization serialization = EventSerialization.of(OrderEvent.class);
    private final InMemoryEventStore store = new InMemoryEventStore(serialization);

    // tag::subscriber
    @EventSubscriber(name = "order-mails")
    static class OrderMails {

        @EventHandler
        void on(Placed event, EventMetadata metadata) {
            send("Thank you for order " + event.orderId());
        }

        @EventHandler
        void on(Shipped event) {
            send("Order " + event.orderId() + " is on its way");
        }
    }
    // end::subscriber

    private static void send(String mail) {
        MAILS.add(mail);
    }

    private void append(Object... payloads) {
        store.append(AppendRequest.of(StreamId.of("order", "o-1"), ExpectedVersion.any(), payloads));
    }

    @Test
    void callsASubscriber() throws Exception {
        EventHandlers mails = EventHandlers.of(new OrderMails(), OrderMails.class, serialization.eventTypes());
        append(new Placed("o-1", BigDecimal.TEN), new Shipped("o-1"));
        mails.handle(store.load(StreamId.of("order", "o-1")).stream().toList());
        assertThat(MAILS).containsExactly("Thank you for order o-1", "Order o-1 is on its way");
    }

    @Test
    void describesASubscription() {
        List<RecordedEvent> rows = new CopyOnWriteArrayList<>();
        // tag::subscription
        Subscription revenue = Subscription.named("revenue")
                .delivery(Delivery.IN_TRANSACTION)
                .sequencedBy(SequencingPolicy.single())
                .batchSize(500)
                .handledBy(rows::addAll);
        // end::subscription
        append(new Placed("o-1", BigDecimal.TEN));
        // tag::run
        try (LogTail tail = new LogTail(store, serialization, TailSettings.DEFAULT);
                Subscriptions subscriptions = new Subscriptions(
                        tail, store, new InMemoryCheckpoints(), SubscriptionSettings.ofThisProcess())) {
            store.onAppend(tail::wake);
            subscriptions.start(revenue);
            await().until(() -> rows.size() == 1);
        }
        // end::run
        assertThat(rows).hasSize(1);
    }

    @Test
    void retriesParkedEvents() {
        AtomicBoolean isBroken = new AtomicBoolean(true);
        try (LogTail tail = new LogTail(store, serialization, TailSettings.DEFAULT);
                Subscriptions subscriptions = new Subscriptions(
                        tail, store, new InMemoryCheckpoints(), SubscriptionSettings.ofThisProcess())) {
            store.onAppend(tail::wake);
            subscriptions.start(Subscription.named("order-mails")
                    .retry(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(1)))
                    .handledBy(SubscriptionHandler.each(event -> {
                        if (isBroken.get()) {
                            throw new IllegalStateException("no mail server");
                        }
                    })));
            append(new Placed("o-1", BigDecimal.TEN), new Shipped("o-1"));
            await().until(() -> subscriptions
                            .parked()
                            .list(new ParkedQuery("order-mails", null, GlobalPosition.START, 100))
                            .size()
                    == 2);
            isBroken.set(false);
            // tag::parked
            ParkedEvents parked = subscriptions.parked();
            ParkedEvent first = parked.list(new ParkedQuery("order-mails", null, GlobalPosition.START, 100))
                    .get(0);
            RetryResult result = parked.retry("order-mails", first.key());
            if (!result.isComplete()) {
                parked.discard(first, "the address does not exist, see ticket 4711");
            }
            // end::parked
            assertThat(result.handled()).isEqualTo(2);
        }
    }
}
