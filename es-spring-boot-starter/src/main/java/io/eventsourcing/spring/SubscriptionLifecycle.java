package io.eventsourcing.spring;

import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.Subscriptions;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the subscriptions when everything else has started, and stops them before anything else stops. As often as the context does,
 * such as one that tests share and that pauses while others run.
 */
final class SubscriptionLifecycle implements SmartLifecycle {

    private static final Logger LOGGER = LoggerFactory.getLogger(SubscriptionLifecycle.class);

    private final SubscriptionBeans beans;
    private final ObjectProvider<Subscriptions> subscriptions;
    private KeepAlive keepAlive = KeepAlive.NONE;
    private volatile boolean running;

    SubscriptionLifecycle(SubscriptionBeans beans, ObjectProvider<Subscriptions> subscriptions) {
        this.beans = beans;
        this.subscriptions = subscriptions;
    }

    @Override
    public void start() {
        Collection<Subscription> found = beans.all();
        if (found.isEmpty()) {
            LOGGER.info(
                    "No bean is a subscription: there is none of type Subscription or EventPublisherPort, or with @EventSubscriber.");
            return;
        }
        Subscriptions node = subscriptions.getObject();
        running = true;
        found.forEach(node::start);
        keepAlive = KeepAlive.started();
        LOGGER.info(
                "Follows the log with the subscriptions {}.",
                found.stream().map(Subscription::name).toList());
    }

    @Override
    public void stop() {
        running = false;
        keepAlive.end();
        subscriptions.ifAvailable(Subscriptions::stopAll); // the end of the context closes them
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
