package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.VersionedType;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which class stands for which type of event: one class a name, one name a class, both ways, fixed when it is built.
 * Immutable and thread-safe.
 */
public final class EventTypes {

    private final Map<Class<?>, VersionedType> typeByClass;
    private final Map<String, Class<?>> classByName;

    private EventTypes(Map<Class<?>, VersionedType> typeByClass, Map<String, Class<?>> classByName) {
        this.typeByClass = Map.copyOf(typeByClass);
        this.classByName = Map.copyOf(classByName);
    }

    /**
     * Registers classes by their {@link EventType} annotations; see {@link Builder#register(Class)}.
     *
     * @param classes event classes, or sealed types whose permitted classes are events
     * @return the event types
     */
    public static EventTypes of(Class<?>... classes) {
        Builder builder = builder();
        for (Class<?> type : classes) {
            builder.register(type);
        }
        return builder.build();
    }

    /**
     * Starts with no event type.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The type under which events of a class are stored.
     *
     * @param eventClass the class of a payload
     * @return its name and current schema version
     * @throws UnregisteredEventClassException if the class is not registered
     */
    public VersionedType typeOf(Class<?> eventClass) {
        VersionedType type = typeByClass.get(eventClass);
        if (type == null) {
            throw new UnregisteredEventClassException(eventClass);
        }
        return type;
    }

    /**
     * The class that stands for a type.
     *
     * @param name a type's name
     * @return the class, or empty if no class is registered under that name
     */
    public Optional<Class<?>> classOf(String name) {
        return Optional.ofNullable(classByName.get(name));
    }

    boolean isCurrent(VersionedType type) {
        Class<?> eventClass = classByName.get(type.name());
        return eventClass != null && type.equals(typeByClass.get(eventClass));
    }

    /**
     * All types, each at its current schema version.
     *
     * @return the types by class
     */
    public Map<Class<?>, VersionedType> all() {
        return typeByClass;
    }

    /** Collects event classes. Not thread-safe. */
    public static final class Builder {

        private final Set<Class<?>> annotated = new LinkedHashSet<>();
        private final Map<Class<?>, VersionedType> named = new HashMap<>();

        private Builder() {}

        /**
         * Registers a class under the name that its {@link EventType} annotation gives. A sealed type registers every
         * class that it permits, at any depth.
         *
         * @param type an event class, or a sealed type whose permitted classes are events
         * @return this builder
         */
        public Builder register(Class<?> type) {
            annotated.add(type);
            return this;
        }

        /**
         * Registers a class under a name, whether it is annotated or not; this name wins over an annotation.
         *
         * @param type the name and current schema version
         * @param eventClass the event class
         * @return this builder
         * @throws EventTypeRegistrationException if the class is abstract, or has another name already
         */
        public Builder register(VersionedType type, Class<?> eventClass) {
            if (!isConcrete(eventClass)) {
                throw new EventTypeRegistrationException("The type " + eventClass.getName() + " is registered as "
                        + type + ", but no event can be of exactly that class, because it is abstract."
                        + " Register its event classes one by one.");
            }
            VersionedType previous = named.putIfAbsent(eventClass, type);
            if (previous != null && !previous.equals(type)) {
                throw new EventTypeRegistrationException("The event class " + eventClass.getName()
                        + " is registered as type " + previous + " and as type " + type
                        + ". Nothing could tell which to store. Keep one.");
            }
            return this;
        }

        /**
         * Resolves what was registered.
         *
         * @return the event types
         * @throws EventTypeRegistrationException if a class has no name, or is neither concrete nor sealed
         * @throws DuplicateEventTypeException if two classes have one name
         */
        public EventTypes build() {
            Map<Class<?>, VersionedType> types = new HashMap<>(named);
            annotated.forEach(type -> resolve(type, types));
            Map<String, Class<?>> classes = new HashMap<>();
            types.forEach((eventClass, type) -> {
                Class<?> other = classes.putIfAbsent(type.name(), eventClass);
                if (other != null) {
                    throw new DuplicateEventTypeException(type.name(), other, eventClass);
                }
            });
            return new EventTypes(types, classes);
        }

        private static void resolve(Class<?> type, Map<Class<?>, VersionedType> types) {
            if (type.isSealed()) {
                for (Class<?> permitted : type.getPermittedSubclasses()) {
                    resolve(permitted, types);
                }
            }
            if (isConcrete(type)) {
                types.computeIfAbsent(type, Builder::annotatedType);
            } else if (!type.isSealed()) {
                throw new EventTypeRegistrationException("The type " + type.getName()
                        + " is registered as an event, but it is neither a concrete class nor sealed, so its events are not known."
                        + " Seal it, or register its event classes one by one.");
            }
        }

        private static VersionedType annotatedType(Class<?> eventClass) {
            EventType annotation = eventClass.getAnnotation(EventType.class);
            if (annotation == null) {
                throw new EventTypeRegistrationException("The event class " + eventClass.getName()
                        + " has no stable name: its Java name is never stored, because it may be renamed."
                        + " Annotate it with @EventType(\"some-name\"), or register it under a name.");
            }
            return new VersionedType(annotation.value(), annotation.schemaVersion());
        }

        private static boolean isConcrete(Class<?> type) {
            return !type.isInterface() && !Modifier.isAbstract(type.getModifiers());
        }
    }
}
