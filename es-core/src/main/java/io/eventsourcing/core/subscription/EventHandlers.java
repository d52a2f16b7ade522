package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.EventTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The {@link EventHandler} methods of an object as one handler: each event goes to the method that fits it best, and those that none
 * fits go to none. Found and checked once, when it is made. As thread-safe as the object.
 */
public final class EventHandlers implements SubscriptionHandler {

    private final Map<Class<?>, HandlerMethod> byEvent;
    private final Set<String> eventTypes;
    private final SubscriptionHandler each = SubscriptionHandler.each(this::handleOne);

    private EventHandlers(Map<Class<?>, HandlerMethod> byEvent, Set<String> eventTypes) {
        this.byEvent = byEvent;
        this.eventTypes = eventTypes;
    }

    /**
     * Finds the methods of an object.
     *
     * @param target on which they are called
     * @param declaring the class in which they are looked for, with its superclasses; the object's, or what a proxy stands for
     * @param events the events that there are
     * @return the handler
     * @throws EventHandlerConfigurationException if there is no method, one cannot be called, handles no event that there is, or two
     *     fit an event equally well
     */
    public static EventHandlers of(Object target, Class<?> declaring, EventTypes events) {
        List<HandlerMethod> methods = methodsOf(target, declaring);
        if (methods.isEmpty()) {
            throw new EventHandlerConfigurationException(declaring.getName()
                    + " has no method with @EventHandler, so it would handle nothing. It was not started. Annotate its methods,"
                    + " or remove its annotation.");
        }
        for (HandlerMethod method : methods) {
            if (events.all().keySet().stream().noneMatch(method::fits)) {
                throw new EventHandlerConfigurationException(method
                        + " handles no event that is registered, so it would never be called. It was not started. Registered are: "
                        + names(events.all().keySet())
                        + ". Take an event's class, an interface of events, or RecordedEvent as its first parameter.");
            }
        }
        Map<Class<?>, HandlerMethod> byEvent = new HashMap<>();
        Set<String> types = new HashSet<>();
        events.all().forEach((event, type) -> {
            List<HandlerMethod> best = mostSpecific(methods, event);
            if (best.size() > 1) {
                throw new EventHandlerConfigurationException(
                        best.get(0) + " and " + best.get(1)
                                + " both fit the event " + event.getName()
                                + ", and neither is more specific. They were not started. Take the event's own class in one of them.");
            }
            best.forEach(method -> {
                byEvent.put(event, method);
                types.add(type.name());
            });
        });
        boolean wantsAll = methods.stream().anyMatch(method -> method.fits(Object.class));
        return new EventHandlers(Map.copyOf(byEvent), wantsAll ? Set.of() : Set.copyOf(types));
    }

    private static List<HandlerMethod> methodsOf(Object target, Class<?> declaring) {
        Map<String, HandlerMethod> bySignature = new HashMap<>();
        for (Class<?> type = declaring; type != null && type != Object.class; type = type.getSuperclass()) {
            Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(EventHandler.class) && !method.isBridge())
                    .forEach(method -> bySignature.putIfAbsent(
                            method.getName() + Arrays.toString(method.getParameterTypes()),
                            new HandlerMethod(target, declaring, method)));
        }
        return new ArrayList<>(bySignature.values());
    }

    private static List<HandlerMethod> mostSpecific(List<HandlerMethod> methods, Class<?> event) {
        List<HandlerMethod> fitting =
                methods.stream().filter(method -> method.fits(event)).toList();
        return fitting.stream()
                .filter(method -> fitting.stream().noneMatch(other -> other.isMoreSpecificThan(method)))
                .toList();
    }

    private static String names(Set<Class<?>> classes) {
        return classes.stream().map(Class::getName).collect(Collectors.toCollection(TreeSet::new)).stream()
                .limit(20)
                .collect(Collectors.joining(", "));
    }

    /**
     * The names of the types of events that are handled, for a {@link io.eventsourcing.core.log.LogFilter}.
     *
     * @return the names; empty if there is a method for all events; one of a type that is not registered here then
     *     stops the subscription on this node
     */
    public Set<String> eventTypes() {
        return eventTypes;
    }

    @Override
    public void handle(List<RecordedEvent> events) throws Exception {
        each.handle(events);
    }

    /**
     * Handles one event.
     *
     * @param event the event
     * @throws Exception what the method throws
     */
    public void handleOne(RecordedEvent event) throws Exception {
        HandlerMethod method = byEvent.get(event.payload().getClass());
        if (method != null) {
            method.call(event);
        }
    }
}
