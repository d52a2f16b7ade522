package io.eventsourcing.spring;

import io.eventsourcing.postgres.ReadModelMismatchException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lists in what tables differ from their read models, and shows what mends it. */
final class ReadModelMismatchFailureAnalyzer extends AbstractFailureAnalyzer<ReadModelMismatchException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ReadModelMismatchException cause) {
        String message = String.valueOf(cause.getMessage());
        int action = message.indexOf("Correct the records");
        return new FailureAnalysis(
                message.substring(0, action).strip(), message.substring(action).strip(), cause);
    }
}
