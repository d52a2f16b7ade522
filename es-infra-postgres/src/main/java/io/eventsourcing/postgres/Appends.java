package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendBatch;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.serialization.EventSerialization;
import java.util.List;

/** The ways of an append: together with others that arrive at the same time, or on its own. */
final class Appends {

    private final EventSerialization serialization;
    private final StoreConnection connection;
    private final AppendQueue queue;
    private final AppendEvents appendEvents;

    Appends(StoreConnection connection, SchemaName schema, EventSerialization serialization) {
        this.serialization = serialization;
        this.connection = connection;
        this.queue = new AppendQueue(connection, schema);
        this.appendEvents = new AppendEvents(connection, schema);
    }

    List<AppendResult> append(AppendBatch batch) {
        List<SerializedAppend> appends = batch.requests().stream()
                .map(request -> SerializedAppend.of(request, serialization))
                .toList();
        if (appends.size() == 1 && appends.get(0).isSmall() && connection.mayBeAnotherThreads()) {
            AppendResult result = queue.append(appends.get(0));
            if (result != null) {
                return List.of(result);
            }
        }
        return appendEvents.append(appends);
    }
}
