package io.eventsourcing.postgres.load;

import io.eventsourcing.core.event.StreamDeletedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** How loads ended. Thread-safe. */
final class LoadFigures {

    private final AtomicInteger whole = new AtomicInteger();
    private final AtomicInteger deletedBefore = new AtomicInteger();
    private final AtomicInteger deletedWithin = new AtomicInteger();

    void count(Supplier<CheckedLoad> load) {
        AtomicInteger ifDeleted = deletedBefore;
        try {
            CheckedLoad loaded = load.get();
            ifDeleted = deletedWithin;
            loaded.read();
            whole.incrementAndGet();
        } catch (StreamDeletedException e) {
            ifDeleted.incrementAndGet();
        }
    }

    int whole() {
        return whole.get();
    }

    @Override
    public String toString() {
        return whole + " loads whole, " + deletedBefore + " of a deleted stream, " + deletedWithin
                + " of a stream that was deleted before its end was read";
    }
}
