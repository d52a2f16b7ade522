package io.eventsourcing.spring;

import io.eventsourcing.spring.EventSourcingProperties.Store;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says what Spring Boot's own DataSource means for the event store when nobody configured it. Comes before Spring Boot's
 * analysis, which proposes an embedded database: no event store runs on one.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnconfiguredDataSourceFailureAnalyzer implements FailureAnalyzer {

    private static final String EXCLUDE =
            "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration";

    private final Environment environment;

    UnconfiguredDataSourceFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isUnconfigured(cause)) {
                return inMemory() ? unusedDataSource(cause) : missingDataSource(cause);
            }
        }
        return null;
    }

    /** Spring Boot's exception is not public. */
    private static boolean isUnconfigured(Throwable cause) {
        return cause instanceof BeanCreationException
                && cause.getClass().getEnclosingClass() == DataSourceProperties.class;
    }

    private boolean inMemory() {
        return Binder.get(environment).bind("eventsourcing.store", Store.class).orElse(Store.POSTGRES) == Store.MEMORY;
    }

    private static FailureAnalysis missingDataSource(Throwable cause) {
        return new FailureAnalysis(
                "The event store keeps its events in PostgreSQL, but the application's DataSource is not configured: "
                        + cause.getMessage() + ".",
                EventStoreDataSourceException.CHOOSE_ONE + " Together with it, set " + EXCLUDE
                        + ", unless the application needs a DataSource of its own.",
                cause);
    }

    private static FailureAnalysis unusedDataSource(Throwable cause) {
        return new FailureAnalysis(
                "The event store is in memory, but Spring Boot made a DataSource for the application, and that is not"
                        + " configured: " + cause.getMessage() + ".",
                "If the application needs no database, set " + EXCLUDE + ". Otherwise set spring.datasource.url.",
                cause);
    }
}
