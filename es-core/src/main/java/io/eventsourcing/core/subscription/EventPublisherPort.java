package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.RecordedEvent;
import java.util.List;

/**
 * Publishes recorded events to whoever is interested: within the process ({@link EventBus}), or to a broker.
 *
 * <p>A {@link Subscription} feeds it: {@code Subscription.named("kafka").handledBy(publisher::publish)}. So it is called at least
 * once for each event, in the order of the positions within a stream, and again after a failure.
 */
@FunctionalInterface
public interface EventPublisherPort {

    /**
     * Publishes events, in their order. When it returns, none of them can be lost any more.
     *
     * @param events one or more
     * @throws EventNotHandledException to say which of them failed: those before it are published
     * @throws Exception if they could not be published
     */
    void publish(List<RecordedEvent> events) throws Exception;
}
