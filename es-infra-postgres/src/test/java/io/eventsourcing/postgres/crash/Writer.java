package io.eventsourcing.postgres.crash;

import io.eventsourcing.core.event.AppendOutcomeUnknownException;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * Appends until it is stopped, one append after the other. It retries with the same event ids for as long as the outcome is
 * unknown or the store is unavailable, as an application would.
 */
final class Writer implements Callable<WriterFigures> {

    private static final Duration BEFORE_RETRY = Duration.ofMillis(5);

    private final EventStorePort store;
    private final TenantId tenant;
    private final AppendPlans plans;
    private final Journal journal;
    private final WriterFigures figures = new WriterFigures();
    private volatile boolean stopped;

    Writer(EventStorePort store, TenantId tenant, Path folder, WriterName name) {
        this.store = store;
        this.tenant = tenant;
        this.plans = new AppendPlans(name.value(), name.random());
        this.journal = new Journal(folder, name.value());
    }

    /** Lets it finish the append that it is in. */
    void stop() {
        stopped = true;
    }

    WriterFigures figures() {
        return figures;
    }

    @Override
    public WriterFigures call() throws IOException {
        try (journal) {
            while (!stopped) {
                append(plans.next());
            }
        }
        return figures;
    }

    private void append(PlannedAppend plan) {
        journal.begun(plan);
        try {
            List<AppendResult> results = untilAnswered(plan);
            journal.acknowledged(plan, Acknowledgement.of(results));
            plans.acknowledged(results);
            figures.acknowledged();
        } catch (VersionConflictException conflict) {
            plans.refused(conflict);
            journal.refused(plan);
        }
    }

    private List<AppendResult> untilAnswered(PlannedAppend plan) {
        boolean unknown = false;
        while (true) {
            try {
                List<AppendResult> results = store.appendAll(plan.toRequests(tenant));
                figures.answered(unknown, allOrNoneRecorded(results));
                return results;
            } catch (AppendOutcomeUnknownException e) {
                unknown = true;
                figures.outcomeUnknown();
            } catch (EventStoreUnavailableException e) {
                figures.unavailable();
            }
            LockSupport.parkNanos(BEFORE_RETRY.toNanos());
        }
    }

    private static boolean allOrNoneRecorded(List<AppendResult> results) {
        long recorded = results.stream().filter(AppendResult::alreadyRecorded).count();
        if (recorded != 0 && recorded != results.size()) {
            throw new AssertionError("A part of an append had been written, and another had not: " + results);
        }
        return recorded != 0;
    }
}
