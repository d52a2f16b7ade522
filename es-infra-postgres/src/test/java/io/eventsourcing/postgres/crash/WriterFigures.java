package io.eventsourcing.postgres.crash;

import java.util.concurrent.atomic.AtomicInteger;

/** What a writer met. */
final class WriterFigures {

    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger outcomeUnknown = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicInteger foundWritten = new AtomicInteger();

    void acknowledged() {
        acknowledged.incrementAndGet();
    }

    void outcomeUnknown() {
        outcomeUnknown.incrementAndGet();
    }

    void unavailable() {
        unavailable.incrementAndGet();
    }

    /** Only an append whose outcome was unknown may turn out to be written already. */
    void answered(boolean wasUnknown, boolean alreadyRecorded) {
        if (alreadyRecorded && !wasUnknown) {
            throw new AssertionError("An append was said to be written before it was made.");
        }
        if (alreadyRecorded) {
            foundWritten.incrementAndGet();
        }
    }

    int acknowledgedSoFar() {
        return acknowledged.get();
    }

    int outcomesUnknown() {
        return outcomeUnknown.get();
    }

    int writtenUnacknowledged() {
        return foundWritten.get();
    }

    int timesUnavailable() {
        return unavailable.get();
    }
}
