package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A method with {@link EventHandler}, on the object on which it is called. */
final class HandlerMethod {

    private static final Map<Class<?>, Function<RecordedEvent, Object>> FURTHER = Map.of(
            EventMetadata.class, RecordedEvent::metadata,
            RecordedEvent.class, event -> event,
            GlobalPosition.class, RecordedEvent::position);

    private final Object target;
    private final Method method;
    private final Class<?>[] parameters;
    private final List<Function<RecordedEvent, Object>> arguments;

    HandlerMethod(Object target, Class<?> declaring, Method method) {
        this.target = target;
        this.method = method;
        this.parameters = method.getParameterTypes();
        check(declaring);
        this.arguments = Arrays.stream(parameters)
                .map(type -> FURTHER.getOrDefault(type, RecordedEvent::payload))
                .toList();
    }

    private void check(Class<?> declaring) {
        if (parameters.length == 0
                || parameters[0].isPrimitive()
                || parameters[0] == EventMetadata.class
                || parameters[0] == GlobalPosition.class
                || !Arrays.stream(parameters).skip(1).allMatch(FURTHER::containsKey)
                || Arrays.stream(parameters).distinct().count() < parameters.length
                || method.getReturnType() != void.class
                || Modifier.isStatic(method.getModifiers())) {
            throw new EventHandlerConfigurationException(
                    this
                            + " cannot be called with an event. It was not started. Make it an instance method without a result, whose first"
                            + " parameter is an event or RecordedEvent, and the others EventMetadata, RecordedEvent or GlobalPosition.");
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
        Object[] values = new Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i).apply(event);
        }
        try {
            method.invoke(target, values);
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

    @Override
    public String toString() {
        return "The method " + method.getDeclaringClass().getName() + "." + method.getName()
                + Arrays.stream(parameters).map(Class::getSimpleName).toList();
    }
}
