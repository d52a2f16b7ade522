package io.eventsourcing.spring;

import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.EventPublisherPort;
import io.eventsourcing.core.subscription.EventSubscriber;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.projection.Projection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Finds the beans that handle events by their methods, but are neither subscribers nor projections. */
final class ForgottenSubscribers {

    private static final Logger LOGGER = LoggerFactory.getLogger(ForgottenSubscribers.class);

    private final ConfigurableListableBeanFactory beans;

    ForgottenSubscribers(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Names each in the log. An application may make handlers of such beans by itself, so none is refused. */
    void warn() {
        new AnnotatedMethods(beans, EventHandler.class).beans().forEach((bean, method) -> {
            if (isForgotten(bean)) {
                LOGGER.warn(
                        "The bean '{}' has the method {}.{} with @EventHandler, but its class has no @EventSubscriber or @Projection,"
                                + " so that no event comes to it. Add one of them to the class; nothing is to do if the application makes a handler of"
                                + " it with EventHandlers.of.",
                        bean,
                        method.getDeclaringClass().getName(),
                        method.getName());
            }
        });
    }

    private boolean isForgotten(String bean) {
        return !beans.isTypeMatch(bean, Subscription.class)
                && !beans.isTypeMatch(bean, EventPublisherPort.class)
                && beans.findAnnotationOnBean(bean, EventSubscriber.class, false) == null
                && beans.findAnnotationOnBean(bean, Projection.class, false) == null;
    }
}
