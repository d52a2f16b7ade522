package io.eventsourcing.core.serialization;

import java.util.Map;
import tools.jackson.core.JacksonException;

/** Describes Jackson's errors without their messages and without the keys of maps, because those quote the payload. */
final class JacksonProblem {

    private JacksonProblem() {}

    static String describe(JacksonException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason = root == e
                ? e.getClass().getSimpleName()
                : e.getClass().getSimpleName() + ", caused by "
                        + root.getClass().getName();
        return e.getPath().isEmpty() ? reason : reason + " at " + path(e);
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder("$");
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else if (isMap(step.from())) {
                path.append(".*");
            } else {
                path.append('.').append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    private static boolean isMap(Object from) {
        return from instanceof Map || (from instanceof Class<?> type && Map.class.isAssignableFrom(type));
    }
}
