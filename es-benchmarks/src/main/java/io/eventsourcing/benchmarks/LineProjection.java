package io.eventsourcing.benchmarks;

import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.projection.Projection;

/** The library's projection: one upsert for each event. */
@Projection(name = LineProjection.NAME)
final class LineProjection {

    static final String NAME = "lines";

    private final ReadModelUpdaterPort<Line> lines;
    private final Shown shown;

    LineProjection(ReadModelUpdaterPort<Line> lines, Shown shown) {
        this.lines = lines;
        this.shown = shown;
    }

    @EventHandler
    void on(LineChanged event) {
        lines.upsert(new Line(event.key(), event.number(), event.text()));
        shown.atCommit(event);
    }
}
