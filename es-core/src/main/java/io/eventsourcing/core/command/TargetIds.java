package io.eventsourcing.core.command;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out which stream a command is meant for: by a routing function, by {@link Targeted}, or by {@link TargetId}. */
final class TargetIds {

    private final Map<Class<?>, Function<Object, String>> functions;

    TargetIds(Map<Class<?>, Function<Object, String>> functions) {
        this.functions = Map.copyOf(functions);
    }

    /** What tells the id of the stream; null if nothing does. */
    @Nullable
    Function<Object, String> of(Class<?> command) {
        List<Function<Object, String>> fitting = functions.entrySet().stream()
                .filter(each -> each.getKey().isAssignableFrom(command))
                .map(Map.Entry::getValue)
                .toList();
        if (fitting.size() > 1) {
            throw new CommandHandlerConfigurationException("Several routing functions fit the command class "
                    + command.getName() + ". It was not registered. Keep one of them.");
        }
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        if (Targeted.class.isAssignableFrom(command)) {
            return target -> ((Targeted) target).targetId();
        }
        return annotated(command);
    }

    private static @Nullable Function<Object, String> annotated(Class<?> command) {
        List<Method> annotated = Stream.concat(
                        Arrays.stream(command.getMethods()), Arrays.stream(command.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(TargetId.class) && method.getParameterCount() == 0)
                .filter(method -> !method.isBridge())
                .distinct()
                .toList();
        if (annotated.size() > 1) {
            throw new CommandHandlerConfigurationException("The command class " + command.getName()
                    + " has several components with @TargetId. It was not registered. Annotate one of them.");
        }
        if (annotated.isEmpty()) {
            return null;
        }
        Method accessor = annotated.get(0);
        return target -> Objects.toString(RecordValues.of(accessor, target), null);
    }
}
