package io.eventsourcing.projection;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.readmodel.InlineProjectionPort;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** The inline projections of this node, which handle events in the transactions of their appends, in the order of their names. */
final class InlineProjections implements InlineProjectionPort.Handler {

    private final InlineProjectionPort store;
    private final List<InlineProjection> projections = new CopyOnWriteArrayList<>();

    InlineProjections(InlineProjectionPort store) {
        this.store = store;
    }

    /** Begins with a projection: the changes of a list that is read meanwhile. */
    synchronized void add(RunningProjection added) {
        if (projections.isEmpty()) {
            store.join(this);
        }
        projections.add(new InlineProjection(added.definition(), added.readModels(), store));
        projections.sort(Comparator.comparing(InlineProjection::name));
    }

    synchronized void clear() {
        if (!projections.isEmpty()) {
            store.leave(this);
            projections.clear();
        }
    }

    @Override
    public boolean isConcernedBy(Set<String> eventTypes) {
        return projections.stream().anyMatch(projection -> projection.handles(eventTypes));
    }

    @Override
    public void appended(List<AppendResult> appends) {
        projections.forEach(projection -> projection.appended(appends));
    }
}
