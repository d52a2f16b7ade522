package io.eventsourcing.spring;

import io.eventsourcing.core.EventSourcingException;
import io.eventsourcing.core.command.CommandHandlerConfigurationException;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import io.eventsourcing.core.readmodel.ReadModelConfigurationException;
import io.eventsourcing.core.saga.SagaConfigurationException;
import io.eventsourcing.core.serialization.DuplicateEventTypeException;
import io.eventsourcing.core.serialization.EventTypeRegistrationException;
import io.eventsourcing.core.serialization.MissingUpcasterException;
import io.eventsourcing.core.serialization.UpcasterConfigurationException;
import io.eventsourcing.core.subscription.EventHandlerConfigurationException;
import io.eventsourcing.core.subscription.SubscriptionMismatchException;
import io.eventsourcing.projection.ProjectionConfigurationException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.NestedExceptionUtils;

/**
 * Shows the errors that are found at start without their stack traces, which tell nothing more. The last sentence of such
 * an error is the next step, and so the action.
 */
final class EventSourcingFailureAnalyzer extends AbstractFailureAnalyzer<EventSourcingException> {

    /** By name where the class may be absent. */
    private static final Set<String> FOUND_AT_START = Set.of(
            CommandHandlerConfigurationException.class.getName(),
            DuplicateEventTypeException.class.getName(),
            EventHandlerConfigurationException.class.getName(),
            PositionAheadOfLogException.class.getName(),
            ProjectionConfigurationException.class.getName(),
            ReadModelConfigurationException.class.getName(),
            SagaConfigurationException.class.getName(),
            SubscriptionMismatchException.class.getName(),
            EventTypeRegistrationException.class.getName(),
            MissingUpcasterException.class.getName(),
            UpcasterConfigurationException.class.getName(),
            "io.eventsourcing.postgres.SchemaMismatchException");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, EventSourcingException cause) {
        if (!FOUND_AT_START.contains(cause.getClass().getName())) {
            return null;
        }
        String message = String.valueOf(cause.getMessage());
        int lastSentence = message.lastIndexOf(". ") + 1;
        return new FailureAnalysis(
                message.substring(0, lastSentence) + firstReport(cause),
                message.substring(lastSentence).strip(),
                cause);
    }

    private static String firstReport(EventSourcingException cause) {
        Throwable root = NestedExceptionUtils.getRootCause(cause);
        return root == null ? "" : "%n%nReason: %s".formatted(root.getMessage());
    }
}
