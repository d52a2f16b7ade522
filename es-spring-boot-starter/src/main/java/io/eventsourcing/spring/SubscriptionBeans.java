package io.eventsourcing.spring;

import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.subscription.EventHandlerConfigurationException;
import io.eventsourcing.core.subscription.EventHandlers;
import io.eventsourcing.core.subscription.EventPublisherPort;
import io.eventsourcing.core.subscription.EventSubscriber;
import io.eventsourcing.core.subscription.EventSubscriber.Start;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Finds the beans that follow the log. */
final class SubscriptionBeans {

    private final ConfigurableListableBeanFactory beans;
    private final EventTypes events;
    private final ObjectProvider<SubscriptionSource> sources;

    SubscriptionBeans(
            ConfigurableListableBeanFactory beans, EventTypes events, ObjectProvider<SubscriptionSource> sources) {
        this.beans = beans;
        this.events = events;
        this.sources = sources;
    }

    /**
     * All subscriptions of this application.
     *
     * @throws EventHandlerConfigurationException if one cannot be used, or two have one name, or one bean is two
     */
    Collection<Subscription> all() {
        new ForgottenSubscribers(beans).warn();
        Map<String, String> beanBySubscription = new TreeMap<>();
        List<Subscription> found = new ArrayList<>();
        candidates().forEach((bean, subscription) -> {
            String other = beanBySubscription.putIfAbsent(subscription.name(), bean);
            if (other != null) {
                throw new EventHandlerConfigurationException("The beans '" + other + "' and '" + bean
                        + "' are both subscriptions of the name '" + subscription.name()
                        + "', so that each would miss what the other one handles. The application was not started. Give one of them another"
                        + " name.");
            }
            found.add(subscription);
        });
        return found;
    }

    private Map<String, Subscription> candidates() {
        Map<String, Subscription> byBean = new TreeMap<>(beans.getBeansOfType(Subscription.class));
        sources.forEach(source -> byBean.putAll(source.subscriptions()));
        beans.getBeansOfType(EventPublisherPort.class)
                .forEach((bean, publisher) -> byBean.put(bean, publishing(bean, publisher)));
        for (String bean : beans.getBeanNamesForAnnotation(EventSubscriber.class)) {
            if (byBean.put(bean, subscriber(bean)) != null) {
                throw new EventHandlerConfigurationException(
                        "The bean '" + bean
                                + "' has @EventSubscriber, but is a subscription or an EventPublisherPort already, so that it would get"
                                + " events in two ways. The application was not started. Remove the annotation, or make two beans of it.");
            }
        }
        return byBean;
    }

    private static Subscription publishing(String bean, EventPublisherPort publisher) {
        return named(bean, bean, "Give the bean another name.").handledBy(publisher::publish);
    }

    private Subscription subscriber(String bean) {
        Object target = beans.getBean(bean);
        EventSubscriber annotation = Objects.requireNonNull(beans.findAnnotationOnBean(bean, EventSubscriber.class));
        Subscription.Builder named = named(bean, annotation.name(), "Correct the name in @EventSubscriber.");
        EventHandlers handlers = EventHandlers.of(target, AopUtils.getTargetClass(target), events);
        return named.filter(LogFilter.ALL.ofTypes(handlers.eventTypes()))
                .startingAt(annotation.start() == Start.BEGINNING ? StartPosition.beginning() : StartPosition.now())
                .handledBy(handlers);
    }

    private static Subscription.Builder named(String bean, String subscription, String action) {
        try {
            return Subscription.named(subscription);
        } catch (IllegalArgumentException e) {
            throw new EventHandlerConfigurationException(
                    "The bean '" + bean + "' has a name that no subscription can have. " + e.getMessage()
                            + " The application was not started. " + action);
        }
    }
}
