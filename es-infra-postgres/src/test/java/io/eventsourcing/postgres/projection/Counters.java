package io.eventsourcing.postgres.projection;

import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.postgres.projection.CounterEvent.Counted;
import io.eventsourcing.postgres.projection.CounterEvent.Opened;
import io.eventsourcing.projection.Projection;

/** Counts: an event that is handled twice, or not at all, is seen for ever. */
abstract class Counters {

    static final String NAME = "counters";
    static final int BATCH = 200;

    private final ReadModelUpdaterPort<Counter> rows;
    private final int version;

    Counters(ReadModelUpdaterPort<Counter> rows, int version) {
        this.rows = rows;
        this.version = version;
    }

    @Projection(name = NAME, tag = CounterLog.TAG, batchSize = BATCH)
    static final class First extends Counters {
        First(ReadModelUpdaterPort<Counter> rows) {
            super(rows, 1);
        }
    }

    @Projection(name = NAME, version = 2, tag = CounterLog.TAG, batchSize = BATCH)
    static final class Second extends Counters {
        Second(ReadModelUpdaterPort<Counter> rows) {
            super(rows, 2);
        }
    }

    @EventHandler
    void on(Opened event) {
        rows.upsert(new Counter(event.counter(), 0, 0, version));
    }

    @EventHandler
    void on(Counted event) {
        rows.update(event.counter())
                .increment("events", 1)
                .increment("total", event.amount())
                .set("writtenBy", version);
    }
}
