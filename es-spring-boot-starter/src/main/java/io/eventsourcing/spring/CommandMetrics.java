package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * Counts what becomes of commands on this node: {@value #HANDLED}, a timer by type and outcome; {@value #CONFLICTS}, how often one was
 * decided on again because others were faster; {@value #RETRIES}, how often one that waits is tried again later.
 */
record CommandMetrics(MeterRegistry registry) implements CommandObserver {

    static final String HANDLED = "eventsourcing.commands";
    static final String CONFLICTS = "eventsourcing.commands.conflicts";
    static final String RETRIES = "eventsourcing.commands.retries";

    private static final String TYPE = "type";

    @Override
    public void handled(String type, CommandResult result, int decided, Duration took) {
        Timer.builder(HANDLED)
                .description("Commands that were handled, with the wait for others to the same stream")
                .tag(TYPE, type)
                .tag("outcome", outcome(result))
                .register(registry)
                .record(took);
        if (decided > 1) {
            Counter.builder(CONFLICTS)
                    .description("Decisions that were made again because others changed the stream meanwhile")
                    .tag(TYPE, type)
                    .register(registry)
                    .increment(decided - 1.0);
        }
    }

    @Override
    public void retried(String type, int attempts) {
        Counter.builder(RETRIES)
                .description("Commands that failed and are tried again later")
                .tag(TYPE, type)
                .register(registry)
                .increment();
    }

    private static String outcome(CommandResult result) {
        return result.isSuccess() ? "success" : result instanceof Rejection ? "rejection" : "failure";
    }
}
