package io.eventsourcing.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to give the event store a DataSource. */
final class EventStoreDataSourceFailureAnalyzer extends AbstractFailureAnalyzer<EventStoreDataSourceException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, EventStoreDataSourceException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
