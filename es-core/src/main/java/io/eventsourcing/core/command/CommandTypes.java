package io.eventsourcing.core.command;

import io.eventsourcing.core.event.VersionedType;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which class stands for which type of command, by {@link CommandType}: one class a name, one name a class, fixed when it is built.
 * Immutable and thread-safe.
 */
public final class CommandTypes {

    private final Map<Class<?>, VersionedType> typeByClass;

    private CommandTypes(Map<Class<?>, VersionedType> typeByClass) {
        this.typeByClass = Map.copyOf(typeByClass);
    }

    /**
     * Registers classes by their annotations. A sealed type registers every class that it permits, at any depth.
     *
     * @param classes command classes, or sealed types whose permitted classes are commands
     * @return the command types
     * @throws CommandHandlerConfigurationException if a class has no name, is abstract and not sealed, or two have one name
     */
    public static CommandTypes of(Collection<Class<?>> classes) {
        Map<Class<?>, VersionedType> types = new LinkedHashMap<>();
        classes.forEach(type -> resolve(type, types));
        Map<String, Class<?>> byName = new HashMap<>();
        types.forEach((command, type) -> {
            Class<?> other = byName.putIfAbsent(type.name(), command);
            if (other != null) {
                throw new CommandHandlerConfigurationException("The command classes " + other.getName() + " and "
                        + command.getName() + " both have the name '" + type.name()
                        + "', so that nothing could tell which to read. They were not registered. Rename one of them.");
            }
        });
        return new CommandTypes(types);
    }

    private static void resolve(Class<?> type, Map<Class<?>, VersionedType> types) {
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                resolve(permitted, types);
            }
        }
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            if (!type.isSealed()) {
                throw new CommandHandlerConfigurationException("The type " + type.getName()
                        + " is handled as a command, but no command can be of exactly that class, because it is abstract. It was not"
                        + " registered. Make it sealed, or handle its classes one by one.");
            }
            return;
        }
        CommandType annotation = type.getAnnotation(CommandType.class);
        if (annotation == null) {
            throw new CommandHandlerConfigurationException("The command class " + type.getName()
                    + " has no stable name, under which commands of it could wait in the store. It was not registered. Annotate it"
                    + " with @CommandType(\"some-name\").");
        }
        types.put(type, new VersionedType(annotation.value(), annotation.schemaVersion()));
    }

    /**
     * The type under which commands of a class are stored.
     *
     * @param command the class of a command
     * @return its name and current schema version
     * @throws UnroutableCommandException if nothing handles the class
     */
    public VersionedType typeOf(Class<?> command) {
        VersionedType type = typeByClass.get(command);
        if (type == null) {
            throw new UnroutableCommandException(command);
        }
        return type;
    }

    /**
     * All types, each at its current schema version.
     *
     * @return the types by class
     */
    public Map<Class<?>, VersionedType> all() {
        return typeByClass;
    }
}
