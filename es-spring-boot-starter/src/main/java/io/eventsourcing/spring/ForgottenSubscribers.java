package io.eventsourcing.spring;

import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.EventPublisherPort;
import io.eventsourcing.core.subscription.EventSubscriber;
import io.eventsourcing.core.subscription.Subscription;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** Finds the beans that handle events by their methods, but are no subscribers. Looks at classes only, and makes no bean. */
final class ForgottenSubscribers {

    private static final Logger LOGGER = LoggerFactory.getLogger(ForgottenSubscribers.class);

    private final ConfigurableListableBeanFactory beans;

    ForgottenSubscribers(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Names each in the log. An application may make handlers of such beans by itself, so none is refused. */
    void warn() {
        for (String bean : beans.getBeanDefinitionNames()) {
            if (!ScopedProxyUtils.isScopedTarget(bean)) {
                forgotten(bean)
                        .ifPresent(method -> LOGGER.warn(
                                "The bean '{}' has the method {}.{} with @EventHandler, but its class has no @EventSubscriber, so"
                                        + " that no event comes to it. Add @EventSubscriber to the class; nothing is to do if the"
                                        + " application makes a handler of it with EventHandlers.of.",
                                bean,
                                method.getDeclaringClass().getName(),
                                method.getName()));
            }
        }
    }

    private Optional<Method> forgotten(String bean) {
        try {
            Class<?> type = beans.getType(bean, false);
            return type == null || isOtherwiseCalled(type)
                    ? Optional.empty()
                    : handlers(type)
                            .findFirst()
                            .filter(method -> beans.findAnnotationOnBean(bean, EventSubscriber.class, false) == null);
        } catch (BeansException | LinkageError e) { // whoever makes or calls the bean says so
            return Optional.empty();
        }
    }

    private static boolean isOtherwiseCalled(Class<?> type) {
        return Subscription.class.isAssignableFrom(type)
                || EventPublisherPort.class.isAssignableFrom(type)
                || type.getName().startsWith("org.springframework.");
    }

    private static Stream<Method> handlers(Class<?> type) {
        return Stream.<Class<?>>iterate(ClassUtils.getUserClass(type), each -> each != null, Class::getSuperclass)
                .filter(each -> AnnotationUtils.isCandidateClass(each, EventHandler.class))
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(EventHandler.class) && !method.isBridge());
    }
}
