package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.projection.ProjectionMode;
import io.eventsourcing.testkit.projection.Scripted.Step;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Does what its events say, those of all streams one after the other, because each may say something about any row. */
class Tallies {

    private final ReadModelUpdaterPort<Tally> rows;
    private final int version;
    final AtomicBoolean isBroken = new AtomicBoolean();
    final AtomicLong calls = new AtomicLong();

    Tallies(ReadModelUpdaterPort<Tally> rows, int version) {
        this.rows = rows;
        this.version = version;
    }

    @Projection(name = "tallies", single = true, batchSize = 50)
    static final class First extends Tallies {
        First(ReadModelUpdaterPort<Tally> rows) {
            super(rows, 1);
        }
    }

    @Projection(name = "tallies", version = 2, single = true, batchSize = 50)
    static final class Second extends Tallies {
        Second(ReadModelUpdaterPort<Tally> rows) {
            super(rows, 2);
        }
    }

    /** For events that say something about rows of their own stream alone. */
    @Projection(name = "tallies", batchSize = 50)
    static final class ByStream extends Tallies {
        ByStream(ReadModelUpdaterPort<Tally> rows) {
            super(rows, 1);
        }
    }

    /** In the transactions of appends, for events that say something about rows of their own stream alone. */
    @Projection(name = "tallies", mode = ProjectionMode.INLINE, batchSize = 50)
    static final class Inline extends Tallies {
        Inline(ReadModelUpdaterPort<Tally> rows) {
            super(rows, 1);
        }
    }

    @Projection(name = "tallies", version = 2, mode = ProjectionMode.INLINE, batchSize = 50)
    static final class InlineSecond extends Tallies {
        InlineSecond(ReadModelUpdaterPort<Tally> rows) {
            super(rows, 2);
        }
    }

    /** For one query each. */
    @Projection(name = "tallies", mode = ProjectionMode.LIVE)
    static final class Live extends Tallies {
        Live(ReadModelUpdaterPort<Tally> rows) {
            super(rows, 1);
        }
    }

    /** Another one that writes the same rows. */
    @Projection(name = "tallies-too", batchSize = 50)
    static final class Rival extends Tallies {
        Rival(ReadModelUpdaterPort<Tally> rows) {
            super(rows, 1);
        }
    }

    @EventHandler
    void on(Scripted event, RecordedEvent recorded) {
        calls.incrementAndGet();
        event.steps().forEach(this::follow);
    }

    private void follow(Step step) {
        String key = step.key();
        switch (step.op()) {
            case UPSERT -> rows.upsert(new Tally(key, step.number(), version));
            case DELETE -> rows.delete(key);
            case SET -> rows.get(key).ifPresent(row -> rows.update(key).set("number", step.number()));
            case ADD -> rows.get(key).ifPresent(row -> rows.update(key).increment("number", step.number()));
            case ADD_BLINDLY -> rows.update(key).increment("number", step.number());
            case COUNT ->
                rows.upsert(new Tally(key, rows.get(key).map(Tally::number).orElse(0L) + 1, version));
            case FAIL -> {
                if (isBroken.get()) {
                    throw new IllegalStateException("a defect");
                }
            }
        }
    }
}
