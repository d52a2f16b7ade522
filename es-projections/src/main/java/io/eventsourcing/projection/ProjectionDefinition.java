package io.eventsourcing.projection;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.subscription.EventHandlerConfigurationException;
import io.eventsourcing.core.subscription.EventHandlers;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.core.subscription.SequencingPolicy;
import io.eventsourcing.core.subscription.Subscription;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A projection: the handlers of a bean with {@link Projection}, and the read models that they write. Immutable, and as thread-safe as the
 * bean.
 */
public final class ProjectionDefinition {

    /** The longest name, in UTF-16 code units. */
    public static final int MAX_NAME_LENGTH = 80;

    private final Projection annotation;
    private final EventHandlers handlers;
    private final SequencingPolicy sequencing;
    private final Set<Class<?>> readModels;
    private final RetryPolicy retry;

    private ProjectionDefinition(
            Projection annotation,
            EventHandlers handlers,
            SequencingPolicy sequencing,
            Set<Class<?>> readModels,
            RetryPolicy retry) {
        this.annotation = annotation;
        this.handlers = handlers;
        this.sequencing = sequencing;
        this.readModels = readModels;
        this.retry = retry;
    }

    /**
     * The projection that an object is.
     *
     * @param bean its class has {@link Projection}
     * @param events the events that there are
     * @param readModels the {@link io.eventsourcing.core.readmodel.ReadModel} records that it writes
     * @return the projection
     * @throws ProjectionConfigurationException if it cannot run as it is
     * @throws EventHandlerConfigurationException if one of its handlers cannot be called
     */
    public static ProjectionDefinition of(Object bean, EventTypes events, Collection<? extends Class<?>> readModels) {
        return of(bean, bean.getClass(), events, readModels);
    }

    /**
     * The projection that an object behind a proxy is.
     *
     * @param bean the object, or the proxy
     * @param declaring the class with {@link Projection}
     * @param events the events that there are
     * @param readModels the {@link io.eventsourcing.core.readmodel.ReadModel} records that it writes
     * @return the projection
     * @throws ProjectionConfigurationException if it cannot run as it is
     * @throws EventHandlerConfigurationException if one of its handlers cannot be called
     */
    public static ProjectionDefinition of(
            Object bean, Class<?> declaring, EventTypes events, Collection<? extends Class<?>> readModels) {
        Projection annotation = declaring.getAnnotation(Projection.class);
        if (annotation == null) {
            throw new ProjectionConfigurationException(declaring.getName()
                    + " has no @Projection, so that it is no projection. It was not started. Annotate the class.");
        }
        check(declaring, annotation, readModels);
        return new ProjectionDefinition(
                annotation,
                EventHandlers.of(bean, declaring, events),
                checked(declaring, annotation, sequencing(bean, declaring, annotation)),
                Set.copyOf(readModels),
                RetryPolicy.DEFAULT);
    }

    private static void check(Class<?> declaring, Projection annotation, Collection<?> readModels) {
        String name = annotation.name();
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH || name.indexOf('#') >= 0) {
            throw refused(
                    declaring,
                    "the name '" + name + "' cannot be one",
                    "Give 1 to " + MAX_NAME_LENGTH + " characters, and no '#'");
        }
        if (annotation.version() < 1) {
            throw refused(declaring, "its version is " + annotation.version(), "Give 1 or more");
        }
        if (annotation.batchSize() < 1 || annotation.batchSize() > Subscription.MAX_BATCH) {
            throw refused(
                    declaring,
                    "its batches would have " + annotation.batchSize() + " events",
                    "Give 1 to " + Subscription.MAX_BATCH);
        }
        if (readModels.isEmpty()) {
            throw refused(
                    declaring,
                    "it writes no read model",
                    "Take a ReadModelUpdaterPort in its constructor; for effects outside, use @EventSubscriber instead");
        }
    }

    /** In the transaction of an append, nothing keeps the order of several streams. */
    private static SequencingPolicy checked(Class<?> declaring, Projection annotation, SequencingPolicy sequencing) {
        if (annotation.mode() == ProjectionMode.INLINE && sequencing != SequencingPolicy.byStream()) {
            throw refused(
                    declaring,
                    "it is inline, and its events do not go by stream",
                    "Make it asynchronous, and await what it shows with Projections.await; or have each row take from one stream alone");
        }
        return sequencing;
    }

    private static ProjectionConfigurationException refused(Class<?> declaring, String why, String action) {
        return new ProjectionConfigurationException("The projection " + declaring.getName() + " cannot run, because "
                + why + ". It was not started. " + action + ".");
    }

    private static SequencingPolicy sequencing(Object bean, Class<?> declaring, Projection annotation) {
        List<Method> keys = Arrays.stream(declaring.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(SequencingKey.class))
                .toList();
        int said =
                keys.size() + (annotation.single() ? 1 : 0) + (annotation.tag().isEmpty() ? 0 : 1);
        if (said > 1) {
            throw refused(
                    declaring,
                    "it says in several ways which of its events belong together",
                    "Keep one of single, tag and a method with @SequencingKey");
        }
        if (!keys.isEmpty()) {
            return ofMethod(bean, declaring, keys.get(0), annotation);
        }
        if (annotation.single()) {
            return SequencingPolicy.single();
        }
        return annotation.tag().isEmpty() ? SequencingPolicy.byStream() : SequencingPolicy.byTag(annotation.tag());
    }

    private static SequencingPolicy ofMethod(Object bean, Class<?> declaring, Method method, Projection annotation) {
        boolean fits = method.getReturnType() == String.class
                && Arrays.equals(method.getParameterTypes(), new Class<?>[] {RecordedEvent.class});
        if (!fits || !method.getDeclaringClass().isInstance(bean) || !method.trySetAccessible()) {
            throw refused(
                    declaring,
                    "its method " + method.getName() + " with @SequencingKey cannot be called",
                    "Make it an instance method that takes a RecordedEvent and returns a String");
        }
        return SequencingPolicy.by("projection " + annotation.name(), event -> key(bean, method, event));
    }

    private static String key(Object bean, Method method, RecordedEvent event) {
        try {
            return String.valueOf(method.invoke(bean, event));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException own) {
                throw own;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The same with another retry policy.
     *
     * @param policy how often an event is tried again before it is parked
     * @return the projection
     */
    public ProjectionDefinition retriedBy(RetryPolicy policy) {
        return new ProjectionDefinition(annotation, handlers, sequencing, readModels, policy);
    }

    /**
     * Its identity in the store.
     *
     * @return the name
     */
    public String name() {
        return annotation.name();
    }

    /**
     * The version of what its handlers make of the events.
     *
     * @return the version
     */
    public int version() {
        return annotation.version();
    }

    /**
     * When its rows are written.
     *
     * @return the mode
     */
    public ProjectionMode mode() {
        return annotation.mode();
    }

    /**
     * What it writes.
     *
     * @return the records
     */
    public Set<Class<?>> readModels() {
        return readModels;
    }

    boolean isInline() {
        return mode() == ProjectionMode.INLINE;
    }

    int batchSize() {
        return annotation.batchSize();
    }

    EventHandlers handlers() {
        return handlers;
    }

    SequencingPolicy sequencing() {
        return sequencing;
    }

    RetryPolicy retry() {
        return retry;
    }
}
