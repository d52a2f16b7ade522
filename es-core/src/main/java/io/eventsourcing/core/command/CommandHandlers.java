package io.eventsourcing.core.command;

import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.core.stream.StreamId;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who handles which commands: deciders, and methods with {@link CommandHandler}. Found and checked once, when it is built. Immutable and
 * thread-safe.
 */
public final class CommandHandlers {

    /** The type of the stream of a command that is alone. */
    private static final String ALONE = "command";

    private final Map<Class<?>, Route> routes;
    private final CommandSerialization serialization;
    private final CommandStorePort commands;

    private CommandHandlers(
            Map<Class<?>, Route> routes, CommandSerialization serialization, CommandStorePort commands) {
        this.routes = Map.copyOf(routes);
        this.serialization = serialization;
        this.commands = commands;
    }

    /** Who handles a class of commands, and what tells the id of their stream; null if each is alone. */
    private record Route(CommandHandling handling, @Nullable Function<Object, String> target) {}

    /** What handling needs. */
    record Stores(EventStorePort events, SnapshotPort snapshots, CommandStorePort commands, Values values) {}

    /** Makes values of results, once it is known which commands there are. */
    interface Values {
        @Nullable
        ResultValue value(StreamId stream, @Nullable Object returned);
    }

    /**
     * The commands that are handled, as they are stored.
     *
     * @return the serialization
     */
    public CommandSerialization serialization() {
        return serialization;
    }

    CommandStorePort store() {
        return commands;
    }

    /** A command as it is stored. */
    NewCommand toStore(CommandRequest request, Due due) {
        StreamId stream = stream(request);
        return new NewCommand(
                request.id(), stream, serialization.write(stream, request.command()), request.metadata(), due);
    }

    private StreamId stream(CommandRequest request) {
        Route route = routeOf(request.command());
        Function<Object, String> target = route.target();
        if (target == null) {
            return new StreamId(request.tenant(), ALONE, request.id().toString());
        }
        String id = target.apply(request.command());
        try {
            return new StreamId(request.tenant(), route.handling().streamType(), id);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The command of the class " + request.command().getClass().getName()
                            + " does not say which stream it is meant for. It was neither handled nor stored. "
                            + e.getMessage(),
                    e);
        }
    }

    CommandResult handle(SentCommand sent) {
        return routeOf(sent.payload()).handling().handle(sent);
    }

    private Route routeOf(Object command) {
        Route route = routes.get(command.getClass());
        if (route == null) {
            throw new UnroutableCommandException(command.getClass());
        }
        return route;
    }

    /**
     * Starts with nobody.
     *
     * @param events where states are loaded from
     * @param snapshots where snapshots are kept
     * @param commands where commands end
     * @return a builder
     */
    public static Builder builder(EventStorePort events, SnapshotPort snapshots, CommandStorePort commands) {
        return new Builder(events, snapshots, commands);
    }

    /** Collects handlers. Not thread-safe. */
    public static final class Builder {

        private final Stores stores;
        private final List<CommandHandling> handlings = new ArrayList<>();
        private final Map<Class<?>, Function<Object, String>> functions = new HashMap<>();
        private final List<Upcaster> upcasters = new ArrayList<>();
        private @Nullable CommandSerialization serialization;

        private Builder(EventStorePort events, SnapshotPort snapshots, CommandStorePort commands) {
            this.stores = new Stores(
                    events,
                    snapshots,
                    commands,
                    (stream, returned) -> Objects.requireNonNull(serialization).value(stream, returned));
        }

        /**
         * Adds a decider with {@link io.eventsourcing.core.aggregate.Aggregate}, without snapshots.
         *
         * @param decider the decider
         * @return this builder
         */
        public Builder decider(Decider<?, ?, ?> decider) {
            return decider(decider, AggregateSettings.of(decider.getClass()));
        }

        /**
         * Adds a decider.
         *
         * @param decider the decider
         * @param settings how its aggregates are kept
         * @return this builder
         * @throws CommandHandlerConfigurationException if it does not say what its commands are
         */
        public Builder decider(Decider<?, ?, ?> decider, AggregateSettings settings) {
            handlings.add(new DeciderHandling<>(decider, settings, stores));
            return this;
        }

        /**
         * Adds the methods with {@link CommandHandler} of an object.
         *
         * @param target on which they are called
         * @param declaring the class in which they are looked for, with its superclasses; the object's, or what a proxy stands for
         * @return this builder
         * @throws CommandHandlerConfigurationException if there is none, or one cannot be called
         */
        public Builder methods(Object target, Class<?> declaring) {
            Set<String> signatures = new LinkedHashSet<>();
            int before = handlings.size();
            for (Class<?> type = declaring; type != null && type != Object.class; type = type.getSuperclass()) {
                for (Method method : type.getDeclaredMethods()) {
                    if (method.isAnnotationPresent(CommandHandler.class)
                            && !method.isBridge()
                            && signatures.add(method.getName() + Arrays.toString(method.getParameterTypes()))) {
                        handlings.add(new MethodHandling(target, declaring, method, stores));
                    }
                }
            }
            if (handlings.size() == before) {
                throw new CommandHandlerConfigurationException(declaring.getName()
                        + " has no method with @CommandHandler, so it would handle nothing. It was not registered. Annotate its"
                        + " methods.");
            }
            return this;
        }

        /**
         * Tells which stream commands of a class are meant for; instead of {@link TargetId} and {@link Targeted}.
         *
         * @param command the class, or one that several have in common
         * @param id the id of the stream
         * @param <C> the class
         * @return this builder
         */
        public <C> Builder target(Class<C> command, Function<? super C, String> id) {
            functions.put(command, target -> id.apply(command.cast(target)));
            return this;
        }

        /**
         * Adds what leads from older schema versions of commands to those of today, one payload to one.
         *
         * @param added the upcasters
         * @return this builder
         */
        public Builder upcasters(List<? extends Upcaster> added) {
            upcasters.addAll(added);
            return this;
        }

        /**
         * Checks everything that can be known now.
         *
         * @param events shares its mapper, codecs and limits with the commands
         * @return the handlers
         * @throws CommandHandlerConfigurationException if a command has no name or no target, or two handlers
         */
        public CommandHandlers build(EventSerialization events) {
            TargetIds targets = new TargetIds(functions);
            Map<Class<?>, Route> routes = new HashMap<>();
            Set<Class<?>> all = new LinkedHashSet<>();
            for (CommandHandling handling : handlings) {
                handling.check(events);
                Collection<Class<?>> concrete =
                        CommandTypes.of(handling.commands()).all().keySet();
                all.addAll(concrete);
                for (Class<?> command : concrete) {
                    Route other = routes.put(command, route(handling, command, targets));
                    if (other != null) {
                        throw new CommandHandlerConfigurationException("Two handle commands of the class "
                                + command.getName() + ": " + other.handling() + " and " + handling
                                + ". Nothing could tell which to call. Keep one of them.");
                    }
                }
            }
            CommandSerialization built = new CommandSerialization(CommandTypes.of(all), events, upcasters);
            serialization = built;
            return new CommandHandlers(routes, built, stores.commands());
        }

        private static Route route(CommandHandling handling, Class<?> command, TargetIds targets) {
            if (handling.streamType().isEmpty()) {
                return new Route(handling, null);
            }
            Function<Object, String> target = targets.of(command);
            if (target == null) {
                throw new CommandHandlerConfigurationException("The command class " + command.getName()
                        + " does not say which stream of type '" + handling.streamType()
                        + "' it is meant for. It was not registered. Annotate a component with @TargetId, implement Targeted, or give a"
                        + " routing function.");
            }
            return new Route(handling, target);
        }
    }
}
