package io.eventsourcing.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to give subscriptions a login of their own. */
final class SystemLoginFailureAnalyzer extends AbstractFailureAnalyzer<SystemLoginException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SystemLoginException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
