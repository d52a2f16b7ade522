package io.eventsourcing.samples.orders;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.EventSubscriber;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.samples.orders.OrderEvent.OrderPaid;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Confirms payments to customers. An event may come again, after a crash; the message is sent again only if the crash came between
 * sending it and noting that it was sent. Follows all tenants. Thread-safe.
 */
@Component
@EventSubscriber(name = "payment-confirmations")
public class PaymentConfirmations {

    private static final Logger LOGGER = LoggerFactory.getLogger(PaymentConfirmations.class);

    private static final String STREAM_TYPE = "payment-confirmation";

    private final EventStorePort store;
    private final OrderService orders;

    PaymentConfirmations(EventStorePort store, OrderService orders) {
        this.store = store;
        this.orders = orders;
    }

    @EventHandler
    void confirm(OrderPaid paid, RecordedEvent event) {
        TenantId tenant = event.stream().tenant();
        String orderId = event.stream().id();
        TenantContext.run(tenant, () -> {
            if (sent(orderId).isEmpty()) {
                String customer = orders.get(orderId).order().customer();
                Message message = new Message(
                        customer,
                        "Your payment of " + paid.total() + " for order " + orderId + " has arrived. Thank you!");
                send(message);
                store.append(AppendRequest.of(
                        streamOf(orderId),
                        ExpectedVersion.noStream(),
                        NewEvent.of(message).withMetadata(EventMetadata.causedBy(event))));
            }
        });
    }

    /** In place of a mail server. */
    private static void send(Message message) {
        LOGGER.info("To {}: {}", message.to(), message.text());
    }

    /**
     * The confirmation of an order's payment.
     *
     * @param orderId the order's id, for the tenant in scope
     * @return the message, or nothing until it is sent
     */
    public List<Message> sent(String orderId) {
        return store.load(streamOf(orderId)).stream()
                .map(event -> (Message) event.payload())
                .toList();
    }

    private static StreamId streamOf(String orderId) {
        return StreamId.of(STREAM_TYPE, orderId);
    }
}
