package io.eventsourcing.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to give the application a login of its own. */
final class TenancyNotEnforcedFailureAnalyzer extends AbstractFailureAnalyzer<TenancyNotEnforcedException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, TenancyNotEnforcedException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Let the application's DataSource log in as a role that owns nothing. Name it in eventsourcing.schema.application-role,"
                        + " and another one in eventsourcing.schema.system-role; give the owner's DataSource, which migrates, the"
                        + " annotation @EventStoreOwnerDataSource, and the system role's @EventStoreSystemDataSource.",
                cause);
    }
}
