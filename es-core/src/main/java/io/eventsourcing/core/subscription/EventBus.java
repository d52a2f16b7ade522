package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.RecordedEvent;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Publishes events to several subscribers within the process: each event goes to all of them, in the order in which they subscribed,
 * before the next one goes to any.
 *
 * <p>The first subscriber that fails ends the publication at this event. When it is published again, those that stand before it get
 * it again. A subscriber that is not to be held up by others needs a {@link Subscription} of its own. Thread-safe.
 */
public final class EventBus implements EventPublisherPort {

    private final List<SubscriptionHandler.OneByOne> subscribers = new CopyOnWriteArrayList<>();

    /** A bus without subscribers. */
    public EventBus() {}

    /**
     * Adds a subscriber, for all events that are published from now on.
     *
     * @param subscriber what handles an event; from several threads at the same time
     * @return takes it away again
     */
    public Runnable subscribe(SubscriptionHandler.OneByOne subscriber) {
        subscribers.add(Objects.requireNonNull(subscriber, "The subscriber is null. Nobody was subscribed."));
        return () -> subscribers.remove(subscriber);
    }

    @Override
    public void publish(List<RecordedEvent> events) throws Exception {
        SubscriptionHandler.each(event -> {
                    for (SubscriptionHandler.OneByOne subscriber : subscribers) {
                        subscriber.handle(event);
                    }
                })
                .handle(events);
    }
}
