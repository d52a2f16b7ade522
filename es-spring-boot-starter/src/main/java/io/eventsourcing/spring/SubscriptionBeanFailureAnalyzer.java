package io.eventsourcing.spring;

import io.eventsourcing.core.subscription.Subscription;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanInstantiationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what the library refused when a bean method made a {@link Subscription}: a name, a number of segments, a pause. */
final class SubscriptionBeanFailureAnalyzer extends AbstractFailureAnalyzer<BeanInstantiationException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BeanInstantiationException cause) {
        Method method = cause.getConstructingMethod();
        Throwable error = cause.getCause();
        if (method == null || error == null || method.getReturnType() != Subscription.class || !isOfTheLibrary(error)) {
            return null;
        }
        String name = method.getDeclaringClass().getName() + "." + method.getName();
        return new FailureAnalysis(
                "The bean method " + name + " makes a subscription that there cannot be. " + error.getMessage(),
                "Correct what " + name + " gives to the subscription.",
                cause);
    }

    /** An error of the method's own keeps its stack trace. */
    private static boolean isOfTheLibrary(Throwable error) {
        return error instanceof IllegalArgumentException
                && error.getStackTrace().length > 0
                && error.getStackTrace()[0].getClassName().startsWith("io.eventsourcing.core.");
    }
}
