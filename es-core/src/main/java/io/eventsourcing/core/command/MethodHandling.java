package io.eventsourcing.core.command;

import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.event.EventMetadata;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls a method with {@link CommandHandler}, in a transaction with the end of the command. */
final class MethodHandling implements CommandHandling {

    private static final List<Class<?>> FURTHER = List.of(EventMetadata.class, CommandId.class);

    private final Object target;
    private final Method method;
    private final CommandStorePort commands;
    private final CommandHandlers.Values values;

    MethodHandling(Object target, Class<?> declaring, Method method, CommandHandlers.Stores stores) {
        this.target = target;
        this.method = method;
        this.commands = stores.commands();
        this.values = stores.values();
        check(declaring);
    }

    private void check(Class<?> declaring) {
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length == 0
                || parameters[0].isPrimitive()
                || FURTHER.contains(parameters[0])
                || !Arrays.stream(parameters).skip(1).allMatch(FURTHER::contains)
                || Arrays.stream(parameters).distinct().count() < parameters.length
                || Modifier.isStatic(method.getModifiers())) {
            throw new CommandHandlerConfigurationException(this
                    + " cannot be called with a command. It was not registered. Make it an instance method whose first parameter is a"
                    + " command, and the others EventMetadata or CommandId.");
        }
        boolean isBehindProxy = Modifier.isPrivate(method.getModifiers()) && target.getClass() != declaring;
        if (isBehindProxy || !method.getDeclaringClass().isInstance(target) || !method.trySetAccessible()) {
            throw new CommandHandlerConfigurationException(this + " cannot be called on "
                    + target.getClass().getName()
                    + ". It was not registered. If that is a proxy, the method must not be private; if it is one by interfaces, declare it in"
                    + " one of them; if its module is not open, open it to io.eventsourcing.");
        }
    }

    @Override
    public Set<Class<?>> commands() {
        return Set.of(method.getParameterTypes()[0]);
    }

    @Override
    public String streamType() {
        return method.getAnnotation(CommandHandler.class).target();
    }

    @Override
    public CommandResult handle(SentCommand sent) {
        Optional<CommandResult> known = commands.knownResult(sent.command());
        if (known.isPresent()) {
            return known.get();
        }
        try {
            return commands.inTransaction(() -> handleAndEnd(sent));
        } catch (EndedMeanwhileException e) {
            return e.result;
        }
    }

    private CommandResult handleAndEnd(SentCommand sent) {
        Object returned = call(sent);
        if (returned instanceof Rejection rejection) {
            throw new CommandRejectedException(rejection); // what it wrote is undone
        }
        CommandResult result =
                returned instanceof CommandResult given ? given : Success.of(values.value(sent.stream(), returned));
        Completed completed = commands.complete(sent.with(result));
        if (completed.wasKnown()) {
            throw new EndedMeanwhileException(completed.result());
        }
        return completed.result();
    }

    /** Undoes what the method wrote for a command that somebody else has ended at the same time. */
    private static final class EndedMeanwhileException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient CommandResult result;

        EndedMeanwhileException(CommandResult result) {
            super("The command has ended meanwhile.", null, false, false);
            this.result = result;
        }
    }

    private @Nullable Object call(SentCommand sent) {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> argument(type, sent))
                .toArray();
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException exception) {
                throw exception;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new CommandHandlerFailedException(this.toString(), Objects.requireNonNull(e.getCause()));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(this + " was made accessible.", e);
        }
    }

    private static Object argument(Class<?> type, SentCommand sent) {
        if (type == EventMetadata.class) {
            return sent.effect();
        }
        return type == CommandId.class ? sent.id() : sent.payload();
    }

    @Override
    public String toString() {
        return "The method " + method.getDeclaringClass().getName() + "." + method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .toList();
    }
}
