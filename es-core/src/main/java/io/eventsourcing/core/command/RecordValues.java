package io.eventsourcing.core.command;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Calls methods of commands that take nothing. */
final class RecordValues {

    private RecordValues() {}

    static @Nullable Object of(Method accessor, Object command) {
        if (!accessor.trySetAccessible()) {
            throw new CommandHandlerConfigurationException(
                    "The method " + accessor
                            + " cannot be called. The command was not handled. If its module is not open, open it to io.eventsourcing.");
        }
        try {
            return accessor.invoke(command);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw new IllegalStateException("The method " + accessor + " failed.", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("The method " + accessor + " was made accessible.", e);
        }
    }
}
