package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.saga.SagaDefinition;
import io.eventsourcing.core.saga.SagaRunner;
import io.eventsourcing.core.saga.SagaStorePort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.Subscription;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ListableBeanFactory;

/** Has each bean of type {@link SagaDefinition} follow the log. */
record SagaSubscriptions(
        ListableBeanFactory beans, CommandBus bus, SagaStorePort store, EventSerialization serialization)
        implements SubscriptionSource {

    @Override
    public Map<String, Subscription> subscriptions() {
        Map<String, Subscription> found = new TreeMap<>();
        for (String bean : beans.getBeanNamesForType(SagaDefinition.class)) {
            found.put(bean, subscription((SagaDefinition<?>) beans.getBean(bean)));
        }
        return found;
    }

    private <S> Subscription subscription(SagaDefinition<S> saga) {
        return new SagaRunner<>(saga, bus, store, serialization).subscription();
    }
}
