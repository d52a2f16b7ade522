package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.RecordedEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

/** A method with {@link EventHandler}, on the object on which it is called. */
final class HandlerMethod {

    private static final List<Class<?>> FURTHER = List.of(EventMetadata.class, RecordedEvent.class);

    private final Object target;
    private final Method method;
    private final Class<?>[] parameters;

    HandlerMethod(Object target, Class<?> declaring, Method method) {
        this.target = target;
        this.method = method;
        this.parameters = method.getParameterTypes();
        check(declaring);
    }

    private void check(Class<?> declaring) {
        if (parameters.length == 0
                || parameters[0].isPrimitive()
                || FURTHER.get(0).equals(parameters[0])
                || !Arrays.stream(parameters).skip(1).allMatch(FURTHER::contains)
                || Arrays.stream(parameters).distinct().count() < parameters.length
                || method.getReturnType() != void.class
                || Modifier.isStatic(method.getModifiers())) {
            throw new EventHandlerConfigurationException(this
                    + " cannot be called with an event. It was not started. Make it an instance method without a result, whose first"
                    + " parameter is an event or RecordedEvent, and the others EventMetadata or RecordedEvent.");
        }
        boolean isBehindProxy = Modifier.isPrivate(method.getModifiers()) && target.getClass() != declaring;
        if (isBehindProxy || !method.getDeclaringClass().isInstance(target) || !method.trySetAccessible()) {
            throw new EventHandlerConfigurationException(
                    this + " cannot be called on " + target.getClass().getName()
                            + ". It was not started. If that is a proxy, the method must not be private; if it is one by interfaces, declare it in one of them; if its module"
                            + " is not open, open it to io.eventsourcing.");
        }
    }

    private Class<?> event() {
        return parameters[0] == RecordedEvent.class ? Object.class : parameters[0];
    }

    boolean fits(Class<?> eventClass) {
        return event().isAssignableFrom(eventClass);
    }

    boolean isMoreSpecificThan(HandlerMethod other) {
        return other.event() != event() && other.event().isAssignableFrom(event());
    }

    void call(RecordedEvent event) throws Exception {
        Object[] arguments =
                Arrays.stream(parameters).map(type -> argument(type, event)).toArray();
        try {
            method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception exception) {
                throw exception;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }

    private static Object argument(Class<?> type, RecordedEvent event) {
        if (type == RecordedEvent.class) {
            return event;
        }
        return type == EventMetadata.class ? event.metadata() : event.payload();
    }

    @Override
    public String toString() {
        return "The method " + method.getDeclaringClass().getName() + "." + method.getName()
                + Arrays.stream(parameters).map(Class::getSimpleName).toList();
    }
}
