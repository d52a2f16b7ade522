package io.eventsourcing.spring;

import io.eventsourcing.core.subscription.Subscription;
import java.util.Map;

/** Makes subscriptions of beans that are none themselves. */
interface SubscriptionSource {

    /**
     * The subscriptions.
     *
     * @return each by the name of its bean
     */
    Map<String, Subscription> subscriptions();
}
